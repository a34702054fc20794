/** Executor and model as one module: the same executions, whenever it takes the place of the two. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { linkedModule } from '../support/linked.js';
import { modelAt } from '../support/models.js';
import { expectNoDifference, RELINKED_STRATEGIES } from '../support/relinking.js';

const MODELS = [
  ['test/models/spawning.ts', '', 'family'],
  ['test/models/choosing.ts', '', 'both'],
] as const;

describe.each(MODELS)('%s %s %s', (...model) => {
  it.each(RELINKED_STRATEGIES)('%s %d goes on with it as without it', (...strategy) =>
    expectNoDifference(model, strategy),
  );
});

it('the module of another model is refused', async () => {
  const artefact = await modelAt('test/models/spawning.ts');
  const other = await linkedModule((await modelAt('test/models/choosing.ts')).wasm);
  const executor = Executor.create({ artefact });
  expect(() => executor.relink(other)).toThrow('the linked model starts in another state');
});
