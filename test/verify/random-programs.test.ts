/**
 * What is left out must not matter, on programs that nobody has thought of: by the search's reduction, with nothing learned beforehand, so that all
 * of it must come from restarts; and by a sampler that decides before visible events only, which must find what the search finds.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import type { ModelArtefact } from '../../src/executor/instance.js';
import { Search, type SearchEvent, UNBOUNDED } from '../../src/executor/search.js';
import { Visited } from '../../src/executor/visited.js';
import { modelAt } from '../support/models.js';
import { randomModel } from '../support/programs.js';
import { size } from '../support/size.js';

const [MODELS, SCENES] = { default: [1, 20], ci: [3, 40], soak: [40, 40] }[size().name] as [number, number];
/** Of the sampler, in each scene. */
const SAMPLED = 1_500;
const LOG2 = 18;
const folder = mkdtempSync(join(tmpdir(), 'heddle-random-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly findings: readonly string[];
  readonly states: number;
}

function outcomeOf(artefact: ModelArtefact, scene: string, reduce: boolean): Outcome {
  // Findings are told once: what the last pass finds is told by a search that knows all from the beginning, and has no other pass.
  for (let learned: Uint8Array | null = null; ; ) {
    const visited = Visited.create(LOG2, false);
    const rest = { limits: { steps: 20_000, fuel: 1 << 20 }, pathBytes: 1 << 20, costly: false, bounds: UNBOUNDED };
    const search: Search = new Search({ artefact, configuration: { scene }, visited, reduce, ...rest });
    if (learned) search.teach(learned);
    const findings = new Set<string>();
    search.start();
    let event: SearchEvent = 'more';
    while (event === 'more' || event === 'finding') {
      event = search.run(100_000);
      if (event !== 'finding') continue;
      for (const { finding } of search.violations())
        findings.add(`${finding.kind} at ${finding.site}, freed by ${finding.object?.freeSite ?? 0}`);
    }
    if (event === 'finished') return { findings: [...findings].sort(), states: search.states };
    if (event !== 'restart') throw new Error(event);
    learned = search.learned();
  }
}

/** What POS finds, without the leaks: it looks for them at some final states only. */
function sampled(artefact: ModelArtefact, scene: string): Set<string> {
  const executor = Executor.create({ artefact, configuration: { scene }, visibleOnly: true });
  executor.setEvents(executor.sceneSchedule());
  executor.strategy('pos');
  executor.seed(1n);
  const found = new Set<string>();
  for (let i = 0; i < SAMPLED; i++) {
    executor.batch(1);
    for (const { kind, site } of executor.result().findings) found.add(`${kind} at ${site}`);
  }
  return found;
}

describe.each([
  ['numbers', false],
  ['objects', true],
])('on programs with %s', (_, objects) => {
  it.each(Array.from({ length: MODELS }, (_, i) => i + 1))(
    'finds what the whole search finds, model %i',
    async (seed) => {
      const path = join(folder, `random-${objects ? 'objects' : 'numbers'}-${seed}.ts`);
      writeFileSync(path, randomModel(seed, SCENES, objects));
      const artefact = await modelAt(path, 'exact');
      const fast = await modelAt(path);
      let [violated, whole, left] = [0, 0, 0];
      for (let k = 0; k < SCENES; k++) {
        const [all, reduced] = [false, true].map((reduce) => outcomeOf(artefact, `s${k}`, reduce)) as [
          Outcome,
          Outcome,
        ];
        expect(reduced.findings, `scene s${k}, model ${seed}`).toEqual(all.findings);
        const memory = all.findings.filter((finding) => !finding.startsWith('leak'));
        if (memory.length > 0) violated++;
        const found = sampled(fast, `s${k}`);
        const missed = memory.filter((finding) => !found.has(finding.replace(/, freed by .*/, '')));
        expect(missed, `by the sampler, scene s${k}, model ${seed}`).toEqual([]);
        whole += all.states;
        left += reduced.states;
      }
      // Of both kinds, and something was left out: or nothing is compared.
      expect(violated).toBeGreaterThan(objects ? 0 : 3);
      expect(violated).toBeLessThan(SCENES - 3);
      expect(left).toBeLessThan(whole / 2);
    },
    120_000,
  );
});
