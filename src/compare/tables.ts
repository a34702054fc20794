/** The tables of a comparison as plain grids of text, for every format. Pure. */
import type { Comparison, CounterSample } from './types.js';
import { counterNames, measureWords, numberWords } from './words.js';

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Where there is nothing to say. */
const NONE = '–';

/** One table a scene: counters × designs; or, where an option is swept, one a counter and scene: designs × values. */
export function counterTables(comparison: Comparison): Table[] {
  return comparison.scenes.flatMap((scene) => {
    const samples = comparison.counters.filter((sample) => sample.scene === scene && sample.rows.length > 0);
    if (samples.length === 0) return [];
    return comparison.sweep === null ? [byDesign(comparison, scene, samples)] : bySweep(comparison, scene, samples);
  });
}

function byDesign({ designs, per }: Comparison, scene: string, samples: readonly CounterSample[]): Table {
  const rows = counterNames(samples).flatMap((name) => {
    const of = (design: string) =>
      rowIn(
        samples.find((sample) => sample.design === design),
        name,
      );
    const total = designs.map((design) => cell(of(design)?.total ?? null));
    const divided = designs.map((design) => cell(of(design)?.per ?? null));
    const isDivided = per !== null && name !== per && divided.some((text) => text !== NONE);
    return isDivided
      ? [
          [name, ...total],
          [`… per ${per}`, ...divided],
        ]
      : [[name, ...total]];
  });
  return { title: `Counters in ${scene}: default schedule · mean (min–max)`, head: ['counter', ...designs], rows };
}

function bySweep({ designs, per, sweep }: Comparison, scene: string, samples: readonly CounterSample[]): Table[] {
  const values = sweep?.values ?? [];
  const head = [`${sweep?.option} =`, ...values.map(String)];
  const table = (name: string, divided: boolean): Table => ({
    title: `${name}${divided ? ` per ${per}` : ''} in ${scene}: default schedule · mean (min–max)`,
    head,
    rows: designs.map((design) => [
      design,
      ...values.map((value) => {
        const row = rowIn(
          samples.find((s) => s.design === design && s.value === value),
          name,
        );
        return cell((divided ? row?.per : row?.total) ?? null);
      }),
    ]),
  });
  return counterNames(samples).flatMap((name) =>
    per === null || name === per ? [table(name, false)] : [table(name, false), table(name, true)],
  );
}

function rowIn(sample: CounterSample | undefined, name: string): CounterSample['rows'][number] | undefined {
  const row = sample?.rows.find((r) => r.name === name);
  if (row || !sample || sample.executions === 0) return row;
  // A counter that only other designs have is 0 here.
  const zero = { min: 0, mean: 0, max: 0, byDefault: 0 };
  return { name, total: zero, per: sample.rows.some(({ per }) => per !== null) ? zero : null };
}

function cell(measure: CounterSample['rows'][number]['total']): string {
  return measure === null ? NONE : `${numberWords(measure.byDefault)} · ${measureWords(measure)}`;
}
