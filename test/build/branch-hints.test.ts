/** Hints for the engine: what they say, and that they change nothing but the speed. */
import { readFileSync } from 'node:fs';
import binaryen from 'binaryen';
import { expect, it } from 'vitest';
import { countBranches, readHints, withHints, withoutHints } from '../../src/build/branch-hints.js';
import { parseModule } from '../../src/build/parse-module.js';
import { Executor } from '../../src/executor/executor.js';
import { EXECUTION_PAGES, executorBytes } from '../../src/executor/instance.js';
import { modelAt } from '../support/models.js';

const COUNTERS = 1024;
const TEXT = `(module
  (memory (export "memory") 1)
  (func (export "odd") (param $n i32) (result i32) (local $found i32)
    (block $out
      (loop $next
        (br_if $out (i32.eqz (local.get $n)))
        (if (i32.and (local.get $n) (i32.const 1)) (then (local.set $found (i32.add (local.get $found) (i32.const 1)))))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (local.get $found)))`;

/** What the section of hints says: function, offset in its body, and whether the branch is taken. */
const hintsOf = (bytes: Uint8Array): { index: number; offset: number; taken: boolean }[] =>
  [...readHints(parseModule(bytes))].flatMap(([index, list]) => list.map((hint) => ({ index, ...hint })));

async function oddOf(bytes: Uint8Array): Promise<{ odd: (n: number) => number; memory: WebAssembly.Memory }> {
  const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes));
  return instance.exports as unknown as { odd: (n: number) => number; memory: WebAssembly.Memory };
}

it('branches are counted, and the rare ways of those that were run are told', async () => {
  const module = binaryen.parseText(TEXT);
  const bytes = new Uint8Array(module.emitBinary());
  module.dispose();
  const counting = countBranches(bytes, COUNTERS);
  expect(counting.branches).toBe(2);
  const { odd, memory } = await oddOf(counting.bytes);
  expect(odd(100)).toBe(50);
  const words = [...new Uint32Array(memory.buffer, COUNTERS, 4)];
  expect(words).toEqual([100, 1, 50, 50]);
  const hinted = withHints(bytes, (i) => ({ not: words[2 * i] ?? 0, taken: words[2 * i + 1] ?? 0 }));
  expect((await oddOf(hinted)).odd(100)).toBe(50);
  // The way out of the loop, and not the test for odd numbers.
  const [hint, ...others] = hintsOf(hinted);
  expect([hint?.index, hint?.taken, others]).toEqual([0, false, []]);
  const { start } = parseModule(bytes).bodies[0] ?? { start: 0 };
  expect(bytes[start + (hint?.offset ?? 0)]).toBe(0x0d);
  // Others replace them, what is not counted keeps them, and none is no section.
  const taken = (of: Uint8Array): boolean[] => hintsOf(of).map((one) => one.taken);
  expect(taken(withHints(hinted, () => ({ not: 0, taken: 9 })))).toEqual([true, true]);
  expect(withHints(hinted, () => ({ not: 0, taken: 0 }))).toEqual(hinted);
  expect(taken(withHints(hinted, (i) => ({ not: 0, taken: i })))).toEqual([false, true]);
  expect(withHints(hinted, () => ({ not: 5, taken: 5 }))).toEqual(bytes);
  expect(withoutHints(hinted)).toEqual(bytes);
});

it('models say that a switch is rarely under way', async () => {
  const { wasm } = await modelAt('examples/bank.ts');
  const hints = hintsOf(new Uint8Array(wasm));
  expect(hints.length).toBeGreaterThan(20);
  expect(new Set(hints.map(({ taken }) => taken))).toEqual(new Set([false, true]));
});

it.each(['executor', 'executor-search', 'executor-search-oracles'])('%s.wasm has hints', (name) => {
  const bytes = new Uint8Array(readFileSync(new URL(`../../dist/${name}.wasm`, import.meta.url)));
  expect(hintsOf(bytes).length).toBeGreaterThan(200);
});

it('the executor runs the same without hints and while it counts', async () => {
  const bytes = executorBytes();
  const artefact = await modelAt('examples/bank.ts');
  const bare = withoutHints(bytes);
  const counting = countBranches(bytes, EXECUTION_PAGES * 65_536);
  const bareModel = { ...artefact, wasm: withoutHints(new Uint8Array(artefact.wasm)) };
  const hashes = [bytes, bare, counting.bytes].map((module, i) => {
    const executor = Executor.create({
      artefact: i === 1 ? bareModel : artefact,
      configuration: { design: 'racy' },
      module: new WebAssembly.Module(new Uint8Array(module)),
      pages: EXECUTION_PAGES + 2,
    });
    executor.seed(7n);
    executor.strategy('pos');
    return Array.from({ length: 200 }, () => {
      executor.batch(1);
      return executor.result().hash;
    });
  });
  expect(new Set(hashes[0]).size).toBeGreaterThan(3);
  expect(hashes[1]).toEqual(hashes[0]);
  expect(hashes[2]).toEqual(hashes[0]);
});
