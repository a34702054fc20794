/** A failure whose minimizing costs the worker is kept as it was found. */
import { expect, it } from 'vitest';
import { WorkerLost } from '../../src/campaign/pool.js';
import { Sightings } from '../../src/campaign/sightings.js';
import type { FindingRecord } from '../../src/findings/finding.js';
import type { Request, Result } from '../../src/worker/protocol.js';

const LOST = new WorkerLost({ reason: 'a worker did not answer', scene: 's', schedule: null });
const SIGHTING = {
  ...{ stage: 0, scene: 's', executions: 1, schedule: { events: [], deviations: [], choices: [] } },
  bucket: { kind: 'invariant', site: 0, message: 'm', symptom: 'other' },
} as const;

async function sighted(minimize: boolean, answer: (request: Request) => Promise<Result>) {
  const asked: boolean[] = [];
  const buried: unknown[] = [];
  let doubts = 0;
  const sightings = new Sightings({
    options: { minimize, oracles: null, design: '' },
    hooks: {},
    folder: { seen: () => {}, finding: () => {}, quarantine: () => 'file' },
    statistics: { elapsed: () => 0, finding: () => {}, unsteady: () => doubts++ },
    keepEvents: true,
    run: (request: Request) => {
      if (request.type === 'analyse') asked.push(request.minimize);
      return answer(request);
    },
    nextId: () => 1,
    stop: () => {},
    bury: (error: unknown) => void buried.push(error),
  } as unknown as ConstructorParameters<typeof Sightings>[0]);
  sightings.sight(SIGHTING, 'random', 1);
  await sightings.settle();
  return { asked, buried, doubts, records: sightings.records.size };
}

const record = { signature: '0', kind: 'invariant', symptom: 'other' } as FindingRecord;
const found: Result = { type: 'analyse', id: 1, record };

it('asks once more without minimizing', async () => {
  const result = await sighted(true, async (request) => {
    if (request.type === 'analyse' && request.minimize) throw LOST;
    return found;
  });
  expect(result).toEqual({ asked: [true, false], buried: [LOST], doubts: 0, records: 1 });
});

it('gives up when that costs a worker as well, and asks once where nothing is minimized', async () => {
  const lost = async (): Promise<Result> => {
    throw LOST;
  };
  expect(await sighted(true, lost)).toEqual({ asked: [true, false], buried: [LOST, LOST], doubts: 0, records: 0 });
  expect(await sighted(false, lost)).toEqual({ asked: [false], buried: [LOST], doubts: 0, records: 0 });
});
