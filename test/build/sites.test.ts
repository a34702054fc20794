import { describe, expect, it } from 'vitest';
import { inFunction, keyOf, sitesOf } from './toolchain.js';

const MODEL = `
import { check, choose, Completion, event, free, List, Mutex, READ_ONCE, WRITE_ONCE } from "heddle";
class Node { next: Node | null = null; small: u8 = 3; constructor(public value: i32) {} }
class Ops { constructor(public run: (n: Node) => i32) {} }
class Fwspec { ops: Ops | null = null; }
class Iommu { fwspec: Fwspec | null = null; }
class Device { iommu: Iommu | null = null; }
const lock = new Mutex();
const done = new Completion();
const list = new List<Node>();
const dev = new Device();
const table = new StaticArray<i32>(4);
let top: Node | null = null;
let wide: f64 = 0.5;

function chain(): Ops | null { return dev.iommu!.fwspec!.ops; }
function push(): void {
  lock.lock();
  const node = new Node(choose(3));
  node.next = top;
  top = node;
  lock.unlock();
  done.completeAll();
}
function pop(): void {
  done.wait();
  const node = top;
  if (node) { top = node.next; free(node); }
  check(true);
}
function marked(): void {
  const node = READ_ONCE(top);
  if (node) node.small = WRITE_ONCE<u8>(READ_ONCE(node.small) + 1);
  top = WRITE_ONCE<Node | null>(null);
}
function lists(): void { list.push(new Node(1)); list.count = 2; }
function arrays(): void { table[1] = table[2] + table.length; }
function wideCell(): void { wide = wide * 2.0; }
function spin(): void { for (let i = 0; i < 3; i++) {} }
function fib(n: i32): i32 { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
function fail(): void { if (fib(3) == 0) throw new Error("never"); }
export function register(): void {
  event("push", push); event("pop", pop); event("marked", marked); event("lists", lists); event("arrays", arrays);
  event("wideCell", wideCell); event("spin", spin); event("fail", fail); chain();
}
`;

describe('sites', async () => {
  const sites = await sitesOf(MODEL);
  const of = (name: string): string[] => inFunction(sites, name);

  it('are one for each field of a chain of accesses', () => {
    expect(of('chain')).toEqual(['load Device.iommu #0', 'load Iommu.fwspec #0', 'load Fwspec.ops #0']);
  });

  it('name what a forwarding kit function does, the new, and module variables', () => {
    expect(of('push')).toEqual([
      'lock Mutex #0',
      'choose  #0',
      'new Node #0',
      'load top #0',
      'store Node.next #0',
      'store top #0',
      'unlock Mutex #0',
      'completeAll Completion #0',
    ]);
  });

  it('stand before calls of kit functions that do more', () => {
    expect(of('pop')).toEqual([
      'call Completion.wait #0',
      'load top #0',
      'load Node.next #0',
      'store top #0',
      'free  #0',
      'call check #0',
    ]);
    expect(of('lists')).toEqual(['new Node #0', 'call List<Node>.push #0', 'store List<Node>.count #0']);
  });

  it('know READ_ONCE and WRITE_ONCE', () => {
    expect(of('marked')).toEqual([
      'load top #0 marked',
      'load Node.small #0 marked',
      'store Node.small #0 marked',
      'store top #0 marked',
    ]);
  });

  it('are one for an element of an array, where the model says it', () => {
    expect(of('arrays')).toEqual([
      'load StaticArray<i32>[] #0',
      'call StaticArray<i32>.length #0',
      'store StaticArray<i32>[] #0',
    ]);
  });

  it('are made for module variables of any type', () => {
    expect(of('wideCell')).toEqual(['load wide #0', 'store wide #0']);
  });

  it('stand at loops and in functions that can recurse, and only there', () => {
    expect(of('spin')).toEqual(['loop  #0']);
    expect(of('fib')).toEqual(['enter  #0']);
    expect(of('fail')).toEqual(['abort  #0', 'trap  #0']);
  });

  it('have the place in the file that the author wrote', () => {
    const site = sites.find((s) => keyOf(s) === 'push store Node.next #0');
    expect(site).toMatchObject({ file: 'm.ts', line: 20 });
    expect(sites.filter((s) => s.line === 0 || s.file === '')).toEqual([]);
    expect(sites.find((s) => s.function === 'Completion.wait')).toMatchObject({ file: '~lib/heddle/parts.ts' });
  });

  it('contain no blank in a name, as schedules separate by blanks', () => {
    expect(sites.filter((s) => /\s/.test(s.function + s.operation + s.field))).toEqual([]);
  });
});

describe('virtual calls, instanceof and constructors', async () => {
  const sites = await sitesOf(`
import { event, Mutex } from "heddle";
abstract class Shape { lock: Mutex = new Mutex(); abstract area(k: i32): i32; }
class Square extends Shape { side: i32 = 2; area(k: i32): i32 { return this.side * k; } }
class Circle extends Shape { area(k: i32): i32 { return k; } }
class Special extends Square { extra: StaticArray<i32> = new StaticArray<i32>(2); }
let shape: Shape | null = null;
let result: i32 = 0;
function area(): void { result = shape!.area(2); }
function test(): void { if (shape instanceof Square) result = 1; }
function make(): void { shape = new Special(); shape = new Circle(); }
export function register(): void { event("area", area); event("test", test); event("make", make); event("late", () => { result = 3; }); }
`);

  it('have the sites of who says them', () => {
    expect(inFunction(sites, 'area')).toEqual(['load shape #0', 'class Shape.area #0', 'store result #0']);
    expect(inFunction(sites, 'test')).toEqual(['load shape #0', 'class Square #0', 'store result #0']);
    expect(inFunction(sites, 'make')).toEqual(['new Special #0', 'store shape #0', 'new Circle #0', 'store shape #1']);
    expect(inFunction(sites, 'Square.area')).toEqual(['load Square.side #0']);
    expect(inFunction(sites, 'Shape.constructor')).toEqual(['new Mutex #0', 'store Shape.lock #0']);
    expect(inFunction(sites, 'Special.constructor')).toEqual(['new StaticArray<i32> #0', 'store Special.extra #0']);
    expect(inFunction(sites, 'register~anonymous|0')).toEqual(['store result #0']);
  });
});

describe('the identity of a site', async () => {
  const before = (await sitesOf(MODEL)).map(keyOf);

  it('survives renamed locals, new lines and accesses elsewhere', async () => {
    const edited = MODEL.replaceAll(/\bnode\b/g, 'element')
      .replace('function pop', '\n\n// A comment.\nfunction pop')
      .replace('function spin(): void {', 'function spin(): void { dev.iommu = null;');
    const after = (await sitesOf(edited)).map(keyOf);
    expect(before.filter((key) => !after.includes(key))).toEqual([]);
    expect(after.filter((key) => !before.includes(key))).toEqual(['spin store Device.iommu #0']);
  });

  it('survives a function that moves in the file', async () => {
    const pop = /function pop[\s\S]*?\n}\n/.exec(MODEL)?.[0] ?? '';
    const after = (await sitesOf(MODEL.replace(pop, '').replace('function chain', `${pop}function chain`))).map(keyOf);
    expect(pop).toContain('done.wait');
    expect([...after].sort()).toEqual([...before].sort());
  });

  it('survives a function that moves to another file', async () => {
    const node = /class Node .*\n/.exec(MODEL)?.[0] ?? '';
    const files = {
      'm.ts': MODEL.replace(node, 'import { Node } from "./deep/node";\n'),
      'deep/node.ts': `export ${node}`,
    };
    const sites = await sitesOf(files);
    expect(sites.map(keyOf).sort()).toEqual([...before].sort());
    expect(sites.find((s) => s.function === 'Node.constructor')?.file).toBe('deep/node.ts');
  });
});
