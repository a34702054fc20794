/** What V8 says when it stops a module is known in the Node that runs this: the cause of a trap is told in its words only. */
import binaryen from 'binaryen';
import { expect, it } from 'vitest';
import { trapName, trapNumber } from '../../src/executor/traps.js';
import type { RawFinding } from '../../src/executor/types.js';
import { titleOf } from '../../src/findings/title.js';
import { modelOf } from '../support/models.js';

const MODULE = `(module
  (type $none (func))
  (memory 1 1)
  (table 2 funcref)
  (elem (i32.const 1) $answers)
  (func $answers (result i32) (i32.const 1))
  (func (export "divide") (param i32 i32) (drop (i32.div_s (local.get 0) (local.get 1))))
  (func (export "divideUnsigned") (param i32 i32) (drop (i32.div_u (local.get 0) (local.get 1))))
  (func (export "remain") (param i32 i32) (drop (i32.rem_s (local.get 0) (local.get 1))))
  (func (export "call") (param i32 i32) (call_indirect (type $none) (local.get 0)))
  (func (export "stop") (param i32 i32) (unreachable))
  (func (export "load") (param i32 i32) (drop (i32.load (local.get 0))))
  (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "fill") (param i32 i32) (memory.fill (local.get 0) (i32.const 0) (local.get 1)))
  (func $recurse (export "recurse") (param i32 i32)
    (call $recurse (i32.add (local.get 0) (i32.const 1)) (local.get 1)) (drop (i32.const 1)) (call $recurse (local.get 1) (local.get 0)))
)`;

const CALL = 'call of a function value that is none, or of another type';
const MEMORY = 'access beyond the memory';
const SAID = [
  ['divide', 1, 0, 'divide by zero'],
  ['divide', -0x80000000, -1, 'integer overflow'],
  ['divideUnsigned', 1, 0, 'divide by zero'],
  ['remain', 1, 0, 'remainder by zero'],
  ['call', 0, 0, CALL],
  ['call', 1, 0, CALL],
  ['call', 2, 0, CALL],
  ['stop', 0, 0, 'unreachable'],
  ['load', 0x10000, 0, MEMORY],
  ['store', -4, 0, MEMORY],
  ['fill', 0xffff, 2, MEMORY],
  ['recurse', 0, 0, 'native stack overflow'],
] as const;

it.each(SAID)('%s(%d, %d) stops a module: %s', (name, a, b, words) => {
  const module = binaryen.parseText(MODULE);
  module.setFeatures(binaryen.Features.All);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(module.emitBinary())));
  module.dispose();
  const run = instance.exports[name] as (a: number, b: number) => void;
  let thrown: unknown;
  try {
    run(a, b);
  } catch (error) {
    thrown = error;
  }
  expect(trapName(trapNumber(thrown), String)).toBe(words);
});

it('words that are new are a trap without its cause; what is no trap is thrown on', () => {
  expect(trapNumber(new WebAssembly.RuntimeError('something else'))).toBe(0);
  const bug = new TypeError('divide by zero');
  expect(() => trapNumber(bug)).toThrow(bug);
});

it('where a trap was is not told by its words', async () => {
  const { manifest } = await modelOf(
    `import { event, scene } from 'heddle';
let x: i32 = 0;
function f(): void { x = 1; }
export function register(): void { event('f', f); scene('s').with('f'); }`,
    'placed',
  );
  const site = manifest.sites.findIndex((one) => one?.operation === 'store');
  // The words of a trap that the executor makes, which knows its place.
  const message = 'choose(n) with n below 1';
  const raw: RawFinding = { kind: 'trap', site, task: 0, address: 0, object: null, message, waiters: [] };
  expect(titleOf(raw, manifest, [])).toBe(`trap: ${message} in boot, after store x in f`);
  expect(titleOf({ ...raw, isAtSite: true }, manifest, [])).toBe(`trap: ${message}, in f (store x)`);
});
