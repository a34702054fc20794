/** Hints from executions of what will run: no execution differs by them or while they are counted. */
import { beforeAll, expect, it } from 'vitest';
import { readHints } from '../../src/build/branch-hints.js';
import { parseModule } from '../../src/build/parse-module.js';
import { Executor } from '../../src/executor/executor.js';
import type { ModelArtefact } from '../../src/executor/instance.js';
import { exercise, train } from '../../src/link/training.js';
import { linkedBytes } from '../support/linked.js';
import { modelAt } from '../support/models.js';

const SCENES = [{ scene: 'family' }];
let artefact: ModelArtefact;
let linked: Uint8Array;

beforeAll(async () => {
  artefact = await modelAt('test/models/spawning.ts');
  linked = await linkedBytes(artefact.wasm);
});

const hints = (bytes: Uint8Array): number =>
  [...readHints(parseModule(bytes)).values()].reduce((sum, list) => sum + list.length, 0);

it('the same bytes each time, with more hints than before', () => {
  const trained = train(linked, artefact, SCENES);
  expect(train(linked, artefact, SCENES)).toEqual(trained);
  expect(hints(trained)).toBeGreaterThan(hints(linked));
});

it('each strategy runs, and the executions are the same', () => {
  const executors = [linked, train(linked, artefact, SCENES)].map((bytes) => {
    const executor = Executor.create({ artefact, configuration: { scene: 'family' } });
    executor.relink(new WebAssembly.Module(new Uint8Array(bytes)));
    return executor;
  });
  for (const executor of executors) exercise(executor, 50);
  const [before, after] = executors;
  expect(after?.totals()).toEqual(before?.totals());
  expect(after?.observed()).toEqual(before?.observed());
  expect(after?.randomState()).toBe(before?.randomState());
  expect(Number(after?.totals().executions)).toBeGreaterThan(8 * 50);
});

it('what cannot run is told, and no module is made', () => {
  expect(() => train(linked, artefact, [{ scene: 'nowhere' }])).toThrow('nowhere');
});
