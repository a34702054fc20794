import { describe, expect, it } from 'vitest';
import { ADDRESS } from '../../src/build/abi.js';
import { FEATURES, RESULT } from './features-model.js';
import { start } from './stub-host.js';
import { build } from './toolchain.js';

const MODEL = `
import { event, Completion } from "heddle";
class Cell { value: i32 = 0; small: i8 = -5; }
const cell = new Cell();
let result: i32 = 0;
let narrow: i32 = 0;
const done = new Completion();

function fib(n: i32): i32 {
  cell.value += 1;
  if (n < 2) return n;
  for (let i = 0; i < 10; i++) {
    if (i == 3) {
      cell.value += 1;
      return fib(n - 1) + fib(n - 2);
    }
  }
  return 0;
}
function compute(): void { result = fib(9); }
function odd(n: i32): bool { if (n == 0) return false; cell.value++; return even(n - 1); }
function even(n: i32): bool { return n == 0 ? true : odd(n - 1); }
function mutual(): void { result = even(31) ? 1 : 2; }
function endless(n: i32): i32 { return n > 300 ? n : endless(n + 1) + 1; }
function deepTask(): void { result = endless(0); }
function loops(): void { let n = 0; for (let i = 0; i < 100; i++) n += i; result = n; }
function signed(): void { cell.small -= 1; narrow = cell.small; }
function optional(a: i32 = 7, b: i32 = 8): void { result = a * 10 + b; }
function indirect(): void { const f = optional; f(1); const g: (a: i32) => i32 = fib; result += g(5); }
export function register(): void {
  event("compute", compute); event("mutual", mutual); event("deep", deepTask); event("loops", loops); event("signed", signed);
  event("indirect", indirect);
}
`;

describe.each(['fast', 'exact'] as const)('a built model (%s)', async (flavour) => {
  const model = await build(MODEL, { flavour });
  const address = (name: string): number => (model.manifest.cells.find((c) => c.name === name)?.address ?? 0) / 4;

  it.each([0, 1, 2, 3, 7])('computes the same when it is suspended at every %i-th access', (every) => {
    const host = start(model);
    const depth = (): number | undefined => host.words[ADDRESS.depth / 4];
    expect(host.run('compute', every) > 0).toBe(every > 0);
    expect(host.words[address('result')]).toBe(34);
    expect(depth()).toBe(0);
    host.run('mutual', every);
    expect(host.words[address('result')]).toBe(2);
    expect(depth()).toBe(0);
    host.run('signed', every);
    expect(host.words[address('narrow')]).toBe(-6);
    host.run('indirect', every);
    expect(host.words[address('result')]).toBe(23);
    expect(depth()).toBe(0);
    expect(host.sites.filter((s) => s.hook === 'deep')).toEqual([]);
  });

  it('reports the function that is entered more than 200 deep', () => {
    const host = start(model);
    host.run('deepTask', 0);
    const deep = host.sites.filter((s) => s.hook === 'deep').map((s) => model.manifest.sites[s.site]);
    expect(deep.length).toBe(102);
    expect(deep[0]).toMatchObject({ function: 'endless', operation: 'enter' });
    expect(host.words[ADDRESS.depth / 4]).toBe(0);
  });

  it('counts loop iterations, and reports the loop when the fuel is gone', () => {
    const host = start(model);
    host.words[ADDRESS.fuel / 4] = 1000;
    host.run('loops', 0);
    expect(host.words[ADDRESS.fuel / 4]).toBe(1000 - 101);
    host.words[ADDRESS.fuel / 4] = 98;
    host.run('loops', 0);
    const [first] = host.sites.filter((s) => s.hook === 'fuel');
    expect(model.manifest.sites[first?.site ?? 0]).toMatchObject({ function: 'loops', operation: 'loop', line: 26 });
  });

  it('imports a shared memory of 256 pages, and all from "heddle"', () => {
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(model.wasm as Uint8Array<ArrayBuffer>));
    expect(new Set(imports.map((i) => i.module))).toEqual(new Set(['heddle']));
    expect(imports.filter((i) => i.kind !== 'function').map((i) => i.name)).toEqual([
      'memory',
      'table',
      'arguments_length',
    ]);
    const exports = WebAssembly.Module.exports(new WebAssembly.Module(model.wasm as Uint8Array<ArrayBuffer>));
    expect(exports.map((e) => e.name).sort()).toEqual(['_start', 'register']);
  });
});

describe.each(['fast', 'exact'] as const)('most of the language (%s)', async (flavour) => {
  const model = await build(FEATURES, { flavour });
  const address = model.manifest.cells.find((c) => c.name === 'sum')?.address ?? 0;

  it.each([0, 1, 2, 5])('computes what it should when it is suspended at every %i-th access', (every) => {
    const host = start(model);
    expect(host.run('compute', every) > 20).toBe(every > 0);
    const [low = 0, high = 0] = host.words.subarray(address / 4);
    expect((BigInt(high) << 32n) | BigInt(low >>> 0)).toBe(RESULT);
    expect(host.words[ADDRESS.depth / 4]).toBe(0);
  });
});

describe('options and the manifest', () => {
  it('leaves the fuel out if told to', async () => {
    const model = await build(MODEL, { fuel: false });
    const host = start(model);
    host.run('loops', 0);
    expect(host.words[ADDRESS.fuel / 4]).toBe(1 << 20);
    expect(model.manifest.hash).not.toBe((await build(MODEL)).manifest.hash);
  });

  it('lists classes with inherited fields, cells and the functions in the table', async () => {
    const { manifest } = await build(`
      import { event } from "heddle";
      class Base { a: i32 = 1; b: u8 = 2; }
      class Derived extends Base { c: i64 = 3; }
      let shared: i32 = 5;
      function task(): void { const d = new Derived(); shared = d.a; }
      export function register(): void { event("task", task); event("other", () => { shared = 2; }); }
    `);
    const derived = manifest.classes.find((c) => c.name === 'Derived');
    expect(derived?.fields).toEqual([
      { name: 'a', offset: 0, size: 4 },
      { name: 'b', offset: 4, size: 1 },
      { name: 'c', offset: 8, size: 8 },
    ]);
    expect(manifest.name).toBe('m');
    expect(manifest.cells.map((c) => c.name)).toEqual(['shared']);
    expect(manifest.staticEnd).toBe((manifest.cells[0]?.address ?? 0) + 8);
    expect(Object.values(manifest.functions).sort()).toEqual(['register~anonymous|0', 'task']);
  });
});
