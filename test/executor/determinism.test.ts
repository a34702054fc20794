/** The same model, design and schedule give the same trace, hashes and verdict: again, elsewhere, and in every build. Never skipped. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import type { TracedExecution } from '../../src/executor/types.js';
import { modelAt } from '../support/models.js';
import { randomRun } from '../support/schedules.js';
import { size } from '../support/size.js';

const MODELS = [
  ['assembly/models/iommu/index.ts', 'v6.6', 'walk-client'],
  ['examples/bank.ts', '', ''],
  ['examples/abba.ts', '', ''],
  ['test/models/spawning.ts', '', 'family'],
  ['test/models/waiting.ts', '', 'work-two'],
  ['test/models/choosing.ts', '', 'both'],
] as const;

const RUNS = { default: 60, ci: 200, soak: 5000 }[size().name];

function digest({ trace, hash, findings, points, recorded }: TracedExecution): string {
  const json = JSON.stringify({ trace, hash, findings, points, recorded }, (_, v: unknown) =>
    typeof v === 'bigint' ? `${v}` : v,
  );
  return createHash('sha256').update(json).digest('hex');
}

// The IOMMU model takes a while to build.
beforeAll(async () => {
  for (const [path] of MODELS) for (const flavour of ['fast', 'exact'] as const) await modelAt(path, flavour);
}, 300_000);

describe.each(MODELS)('%s %s %s', (path, design, scene) => {
  const configuration = { design, scene };

  it('replays what it recorded, in a fresh instance, eagerly, in the debug build', async () => {
    const artefact = await modelAt(path);
    const recorder = Executor.create({ artefact, configuration });
    const again = Executor.create({ artefact, configuration });
    const eager = Executor.create({ artefact, configuration, eager: true });
    const debug = Executor.create({ artefact, configuration, build: 'debug' });
    for (let seed = 1; seed <= RUNS; seed++) {
      const { recorded, hash, points } = randomRun(recorder, seed);
      const traced = again.trace(recorded);
      expect(traced.hash).toBe(hash);
      expect(traced.points).toBe(points);
      expect(traced.recorded).toEqual(recorded);
      expect(again.recomputeHash()).toBe(hash);
      const expected = digest(traced);
      expect(digest(eager.trace(recorded))).toBe(expected);
      expect(digest(debug.trace(recorded))).toBe(expected);
      expect(recorder.run(recorded).hash).toBe(hash);
    }
  });

  it.each([
    ['random', 0],
    ['pct', 3],
    ['last-first', 0],
    ['turns', 1],
    ['turns', 2],
    ['pos', 0],
    ['pos', 1],
    ['surw', 0],
    ['surw', 1],
    ['surw', 4],
    ['reads-from', 0],
    ['bounded', 0],
    ['delay', 0],
  ] as const)('records of the strategy %s what replays', async (strategy, parameter) => {
    const artefact = await modelAt(path);
    const recorder = Executor.create({ artefact, configuration });
    const again = Executor.create({ artefact, configuration });
    recorder.seed(1n);
    recorder.strategy(strategy, parameter, 50);
    for (let run = 1; run <= RUNS; run++) {
      if (recorder.batch(1) === 0) break; // all of it was enumerated
      const { recorded, hash, points, findings } = recorder.result();
      const { recorded: replayed, ...rest } = again.run(recorded);
      expect(replayed).toEqual(recorded);
      expect([rest.hash, rest.points]).toEqual([hash, points]);
      // A batch looks for leaks only where the state is new.
      expect(rest.findings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(findings.map(({ kind }) => kind)));
    }
  });

  it('gives the same traces in the exact artefact', async () => {
    const recorder = Executor.create({ artefact: await modelAt(path), configuration });
    const exact = Executor.create({ artefact: await modelAt(path, 'exact'), configuration, eager: true });
    for (let seed = 1; seed <= RUNS; seed++) {
      const { recorded } = randomRun(recorder, seed);
      expect(digest(exact.trace(recorded))).toBe(digest(recorder.trace(recorded)));
    }
  });
});

describe('another process', () => {
  it('gives the same traces', async () => {
    const script = fileURLToPath(new URL('../support/digest-runs.mjs', import.meta.url));
    const [path, design, scene] = MODELS[0];
    const artefact = await modelAt(path);
    const recorder = Executor.create({ artefact, configuration: { design, scene } });
    const runs = Array.from({ length: 30 }, (_, i) => randomRun(recorder, i + 1).recorded);
    const digests = runs.map((recorded) => digest(recorder.trace(recorded)));
    const input = JSON.stringify({ path, design, scene, runs });
    const output = execFileSync(process.execPath, [script], { input, encoding: 'utf8', maxBuffer: 1 << 26 });
    expect(JSON.parse(output)).toEqual(digests);
  });
});
