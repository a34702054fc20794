import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildModel, listModels, resolveModel } from '../../src/build/index.js';
import { build, failure, KIT } from './toolchain.js';
import { temporaryFolder } from '../support/temporary.js';

const REGISTER = 'export function register(): void { event("task", task); }';
const withTask = (body: string, before = ''): string =>
  `import { event } from "heddle";\n${before}\nfunction task(): void {\n${body}\n}\n${REGISTER}`;

describe('errors of the compiler', () => {
  it.each([
    ['an unknown name', withTask('  foo();'), 4, 3, /Cannot find name 'foo'/, undefined],
    ['a wrong type', withTask('  let x: i32 = "a";'), 4, 16, /not assignable/, undefined],
    [
      'a closure',
      withTask('  let x = 1;\n  const f = (): i32 => x;\n  f();'),
      5,
      24,
      /Closures/,
      /field, a module variable or a parameter/,
    ],
    [
      'an unknown import of the kit',
      withTask('', 'import { Nothing } from "heddle";'),
      2,
      10,
      /no exported member 'Nothing'/,
      /docs\/models\.md/,
    ],
    [
      'a file that is not there',
      withTask('', 'import { a } from "./nowhere";'),
      2,
      19,
      /nowhere\.ts' not found/,
      /check the path/,
    ],
    ['a syntax error', withTask('  let = = 1;'), 4, 3, /./, undefined],
  ])('name file, line and column: %s', async (_, source, line, column, message, hint) => {
    const error = await failure(build(source));
    expect(error.code).toBe('HDL_MODEL_COMPILE');
    const found = error.diagnostics.find((d) => message.test(d.message));
    expect(found).toMatchObject({ line, column });
    expect(found?.file).toMatch(/m\.ts$/);
    if (hint) expect(found?.hint).toMatch(hint);
  });

  it.each([
    ['async function more(): void {}', '', /spawn\(f\)/],
    ['function* more(): i32 { yield 1; }', '', /write a loop/],
    ['', 'const { x, y } = g;', /one by one/],
    ['', 'const [a, b] = g;', /one by one/],
    ['', 'outer: for (;;) { for (;;) { continue outer; } }', /no labels/],
    ['', 'const b = 10n;', /i64 or u64/],
    ['', 'const b = BigInt(10);', /i64 or u64/],
    ['', 'const v = i32x4.splat(1);', /plain integers/],
    ['', 'let a: any = 1;', /give it a type/],
    ['@dec class Other {}', '', /leave it out/],
    ['class Other { @dec x: i32 = 0; }', '', /leave it out/],
    [
      '',
      'early.x = 1; } class P { x: i32 = 0; } const early: P = make(); function make(): P { task(); return new P();',
      /override run/,
    ],
  ])('say what to write instead: %s %s', async (before, body, hint) => {
    const point = 'class Point { x: i32 = 0; y: i32 = 0; }\nconst g = new Point();';
    const error = await failure(build(withTask(`  ${body}`, `${point}\n${before}`)));
    expect(error.code).toBe('HDL_MODEL_COMPILE');
    const first = error.diagnostics.find((d) => d.hint !== undefined);
    expect(first?.hint).toMatch(hint);
    expect(first?.line).toBe(before ? 4 : 6);
  });

  it('name a decorator that the language does not know', async () => {
    const { diagnostics } = await failure(build(withTask('', '@dec(1)\nclass Other {}')));
    expect(diagnostics).toMatchObject([{ line: 2, column: 1, message: "Unknown decorator '@dec'." }]);
  });

  it('leave the decorators alone that the language knows', async () => {
    const text = '@final class A { @inline x(): i32 { return 1; } }\n// @dec\n/** @param x */\nconst s = "@dec";';
    await build(withTask('  new A().x();', text));
  });

  const TIMER = 'class Timer { constructor(private f: (() => void) | null = null) {} arm(): void {} run(): void {} }\n';
  it.each([
    ['function f(): void { tm.arm(); }\nconst tm = new Timer(f);', 4, 'tm'],
    ['const tm = new Timer(() => {\n  tm.arm();\n});', 3, 'tm'],
    ['function h(): void { tm.arm(); }\nfunction f(): void { h(); }\nconst tm = new Timer(f);', 5, 'tm'],
  ])('have a place where the compiler crashes on a constant made from what uses it: %s', async (text, line, name) => {
    const error = await failure(build(withTask(`  ${name}.arm();`, TIMER + text)));
    expect([error.code, error.hint ?? error.diagnostics[0]?.hint]).toEqual([
      'HDL_MODEL_COMPILE',
      expect.stringMatching(/extend its class and override run\(\)/),
    ]);
    const message = `the value of ${name} is made from a function that uses ${name}`;
    expect(error.diagnostics[0]).toMatchObject({ line, message });
  });

  it('has another way to write a timer that arms itself', async () => {
    const text = `${TIMER}class Again extends Timer {\n  run(): void {\n    this.arm();\n  }\n}\nconst again = new Again();`;
    await build(withTask('  again.arm();', text));
  });

  it('are in the file that has them', async () => {
    const files = {
      'm.ts': withTask('  other();', 'import { other } from "./lib/other";'),
      'lib/other.ts': 'export function other(): void {\n  bar();\n}',
    };
    const [first] = (await failure(build(files))).diagnostics;
    expect(first).toMatchObject({ line: 2, column: 3 });
    expect(first?.file).toMatch(/lib\/other\.ts$/);
  });

  it('are all reported at once', async () => {
    const error = await failure(build(withTask('  one();\n  two();')));
    expect(error.diagnostics.map((d) => d.line)).toEqual([4, 5]);
    expect(error.message).toBe('m.ts does not compile: 2 errors');
  });
});

describe('the subset', () => {
  it.each([
    ['names[0] = "x"; names.push("y");', 'const names: string[] = ["a"];', 'Array', /StaticArray.*List/],
    ['const m = new Map<i32, i32>(); m.set(1, 2);', '', 'Map', /List/],
    ['const s = new Set<i32>(); s.add(1);', '', 'Set', /List/],
    [
      'const t = "a" + text;',
      'let text = "b"; export function set(t: string): void { text = t; }',
      'a string built',
      /trace\(text, value\)/,
    ],
    ['const t = `a$' + '{n}`;', 'let n: i32 = 1; export function set(): void { n = 2; }', 'a string built', /trace/],
    ['const t = n.toString();', 'let n: i32 = 1;', 'a string built', /trace/],
    ['if (Math.random() > 0.5) return;', '', 'Math.random', /choose\(n\)/],
    ['if (Date.now() == 3) return;', '', 'a clock', /schedule/],
    ['console.log("x");', '', 'console.log', /trace/],
    ['trace("x", 1, 2);', '', 'trace', /import \{ trace \} from "heddle"/],
    ['const b = new Uint8Array(3); b[0] = 1;', '', 'Uint8Array', /StaticArray<u8>/],
    ['const b = new ArrayBuffer(3);', '', 'ArrayBuffer', /StaticArray<u8>/],
    ['memory.grow(1);', '', 'memory.grow', /free/],
    ['atomic.add<i32>(0x400000, 1);', '', 'an atomic instruction', /Atomic/],
    ['const p = heap.alloc(8);', '', 'heap.alloc', /new/],
    ['host(1);', 'declare function host(x: i32): void;', 'the undefined function host', /kit/],
    ['assert(1 == 1);', '', 'assert', /check\(condition, message\)/],
    ['const a = [1, 2, task == null ? 1 : 3];', '', 'Array', /StaticArray/],
    [
      'const x = numbers.slice<StaticArray<i32>>(1);',
      'const numbers = new StaticArray<i32>(3);',
      'StaticArray<i32>.slice',
      /loop/,
    ],
  ])('refuses %s', async (body, before, what, instead) => {
    const error = await failure(build(withTask(`  ${body}`, before)));
    expect(error.code).toBe('HDL_MODEL_SUBSET');
    const found = error.diagnostics.find((d) => d.message.startsWith(what) && d.line === 4);
    expect(found, JSON.stringify(error.diagnostics)).toBeDefined();
    expect(found?.hint).toMatch(instead);
  });

  it('lists every violation, in order', async () => {
    const error = await failure(
      build(withTask('  const m = new Map<i32, i32>();\n  const t = Math.random();\n  console.log("a");')),
    );
    expect(error.diagnostics.map((d) => d.line)).toEqual([4, 5, 6]);
    expect(error.hint).toMatch(/docs\/subset\.md/);
  });

  it('names the line of a call whose result is dropped', async () => {
    const error = await failure(
      build(
        withTask(
          '  x += 1;\n\n  Math.random();\n  x += 2;\n\n  Date.now();\n  x += 3;\n  const t = <i32>Date.now();',
          'let x: i32 = 0;',
        ),
      ),
    );
    const lines = error.diagnostics.map(({ line, column, message }) => [line, column, message.split(' ')[0]]);
    expect(lines).toEqual([
      [6, 3, 'Math.random'],
      [9, 3, 'a'],
      [11, 13, 'a'],
    ]);
  });

  it('allows fixed arrays, literals, arithmetic, interfaces, virtual calls, function values and throw', async () => {
    const { manifest } = await build(
      withTask(
        `  const a = new StaticArray<i32>(3); a[1] = <i32>Math.abs(-2.5) + literal[1] + a.length; if (name == "x" && name.length > 3) throw new Error("no");
  const shape: Shape = a[0] > 0 ? new Square() : new Circle(); a[2] = shape.area(1); twice((x: i32): i32 => x + 1); const s = shape as Square;
  // assert(false) in a comment, and "assert(false)" in a text
  let text = "assert(false)";`,
        `const literal: StaticArray<i32> = [1, 2, 3]; let name: string = "abc"; export function rename(s: string): void { name = s; }
         abstract class Shape { abstract area(k: i32): i32; } class Square extends Shape { area(k: i32): i32 { return k; } }
         class Circle extends Shape { r: f32 = 2; area(k: i32): i32 { return <i32>this.r * k; } }
         interface Named { id(): i32; } function twice(f: (x: i32) => i32): i32 { return f(f(1)); }`,
      ),
    );
    expect(manifest.sites.length).toBeGreaterThan(5);
  });
});

describe('the declaration of a model', () => {
  it.each([
    ['is missing', 'export function other(): void {}', /does not export a function named register/],
    ['has parameters', 'export function register(n: i32): void {}', /no parameters/],
    ['is not a function', 'export const register: i32 = 1;', /does not export/],
  ])('is refused if register %s', async (_, source, message) => {
    const error = await failure(build(source));
    expect(error.code).toBe('HDL_MODEL_DECLARATION');
    expect(error.message).toMatch(message);
    expect(error.hint).toContain('export function register(): void');
  });
});

describe('an entry that is no source file', () => {
  const folder = temporaryFolder('build');
  mkdirSync(join(folder, 'folder.ts'));
  writeFileSync(join(folder, 'm.js'), '');
  writeFileSync(join(folder, 'binary.ts'), Uint8Array.of(0x66, 0xff, 0xfe, 0x00));
  it.each([
    ['nothing.ts', 'HDL_MODEL_UNKNOWN', /no file/],
    ['folder.ts', 'HDL_MODEL_COMPILE', /is a folder/],
    ['m.js', 'HDL_MODEL_COMPILE', /not an AssemblyScript source/],
    ['binary.ts', 'HDL_MODEL_COMPILE', /not UTF-8/],
  ])('%s: %s', async (name, code, message) => {
    const error = await failure(buildModel(join(folder, name), { kitDir: KIT, cacheDir: null }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.hint).toBeTruthy();
  });
});

describe('names of models', () => {
  it('lead to built-in models and examples', async () => {
    const models = await listModels();
    expect(models.map((m) => m.name)).toContain('iommu');
    expect(await resolveModel('iommu')).toMatchObject({ name: 'iommu', origin: 'built-in' });
    const [example] = models.filter((m) => m.origin === 'example');
    expect((await resolveModel(example?.name ?? '')).path).toBe(example?.path);
  });

  it('can be paths of files and of folders with an index.ts', async () => {
    const folder = temporaryFolder('build');
    mkdirSync(join(folder, 'thing'));
    writeFileSync(join(folder, 'thing', 'index.ts'), '');
    expect(await resolveModel(join(folder, 'thing'))).toMatchObject({
      name: 'thing',
      path: join(folder, 'thing', 'index.ts'),
    });
    expect(await resolveModel(join(folder, 'thing', 'index.ts'))).toMatchObject({ name: 'thing', origin: 'path' });
  });

  it('that are unknown are answered with the nearest and with the list', async () => {
    const error = await failure(resolveModel('iomu'));
    expect(error.code).toBe('HDL_MODEL_UNKNOWN');
    expect(error.hint).toMatch(/did you mean iommu\?.*models: .*iommu/);
    expect((await failure(resolveModel('./no/such.ts'))).message).toContain('./no/such.ts');
    expect((await failure(resolveModel('zzzzzzzz'))).hint).not.toMatch(/did you mean/);
  });
});
