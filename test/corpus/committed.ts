/** The committed corpus, `corpus/<model>/`, as tests read it. The format is docs/corpus.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { Executor } from '../../src/executor/executor.js';
import type { ExecutorBuild } from '../../src/executor/instance.js';
import { isCostly } from '../../src/executor/oracles.js';
import { FINDING_KINDS } from '../../src/executor/types.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { bucketOf } from '../../src/findings/place.js';
import type { HotSchedule, Schedule } from '../../src/schedule/schedule.js';
import { parseSchedule } from '../../src/schedule/text.js';

const CORPUS = fileURLToPath(new URL('../../corpus', import.meta.url));

const Finding = v.strictObject({
  kind: v.picklist(FINDING_KINDS),
  signature: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  symptom: v.string(),
  title: v.string(),
});

const Regression = v.strictObject({
  schema: v.literal('heddle.regression/1'),
  verdict: v.picklist(['fails', 'passes']),
  findings: v.array(Finding),
  note: v.string(),
});
export type Regression = v.InferOutput<typeof Regression>;
export type Verdict = v.InferOutput<typeof Finding>;

export interface CommittedEntry extends Regression {
  /** Relative to `corpus/`, for messages. */
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly text: string;
  readonly schedule: Schedule;
}

/** Where a committed model's source is. */
export function sourceOfModel(model: string): string {
  return model === 'iommu' ? 'assembly/models/iommu/index.ts' : `examples/${model}.ts`;
}

/** All of them, sorted by name. */
export function committedEntries(): CommittedEntry[] {
  return readdirSync(CORPUS)
    .sort()
    .flatMap((model) =>
      readdirSync(join(CORPUS, model))
        .filter((file) => file.endsWith('.sched'))
        .sort()
        .map((file) => readEntry(model, join(CORPUS, model, file))),
    );
}

/** The one of a model that shows a finding with that kind and, if given, that text in its title. */
export function committedFailure(model: string, kind: string, title = ''): CommittedEntry {
  const entry = committedEntries().find(
    ({ schedule, findings }) =>
      schedule.model === model && findings.some((f) => f.kind === kind && f.title.includes(title)),
  );
  if (!entry) throw new Error(`corpus/${model} has no ${kind} ${title}; see docs/corpus.md`);
  return entry;
}

/** Some findings are told by the build with all oracles only. */
export const buildFor = ({ findings }: CommittedEntry): ExecutorBuild =>
  findings.some(({ kind }) => isCostly(kind)) ? 'oracles' : 'release';

/** Every finding of the run, described as a campaign would. */
export function verdictsOf(executor: Executor, hot: HotSchedule): Verdict[] {
  const buckets = executor.run(hot).findings.map((raw) => bucketOf(raw, executor.manifest));
  return buckets.map((bucket) => {
    const { kind, signature, symptom, title } = analyseFinding(executor, hot, bucket);
    return { kind, signature, symptom, title };
  });
}

function readEntry(model: string, path: string): CommittedEntry {
  const text = readFileSync(path, 'utf8');
  const sidecar = v.parse(Regression, JSON.parse(readFileSync(path.replace(/\.sched$/, '.json'), 'utf8')));
  const id = basename(path, '.sched');
  return { ...sidecar, name: `${model}/${id}`, path, id, text, schedule: parseSchedule(text, path) };
}
