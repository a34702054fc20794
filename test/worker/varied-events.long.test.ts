/** The same when a linked module takes the place of executor and model in the middle. Linking takes ten seconds. */
import { expect, it } from 'vitest';
import { executionsOf } from '../support/between-stages.js';
import { linkedModule } from '../support/linked.js';
import { modelAt } from '../support/models.js';

it('enumeration goes on after varied events in a module that was linked meanwhile', async () => {
  const linked = await linkedModule((await modelAt('test/models/toy.ts')).wasm);
  for (const strategy of ['pos', 'reads-from'] as const) {
    const ran = await executionsOf('bounded', { strategy, events: 'varied' }, linked);
    expect(ran).toEqual(await executionsOf('bounded', null));
  }
});
