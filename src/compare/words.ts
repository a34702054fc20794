/** A comparison's cells and facts in words; text, Markdown and HTML say the same. Pure. */
import { COSTLY_KINDS } from '../executor/oracles.js';
import { formatCount, formatDuration, formatShort, plural } from '../ui/format.js';
import type { Budget, Cell, Comparison, CounterSample, Measure, Run, SeenFinding } from './types.js';

/** What a cell says first, and the figures behind it. */
export interface CellWords {
  readonly mark: string;
  readonly detail: string;
}

export function cellWords(cell: Cell): CellWords {
  switch (cell.verdict) {
    case 'found':
      return { mark: 'found', detail: firstWords(cell.first) };
    case 'absent':
      return { mark: 'verified absent', detail: `${formatShort(cell.states)} states` };
    case 'not-found': {
      const { executions, states, sites, scenesExhausted, scenes } = cell;
      const searched =
        scenesExhausted === scenes && scenes > 0
          ? [`all ${formatShort(states)} states searched`]
          : states > 0
            ? [
                `${formatShort(states)} states searched`,
                ...(scenesExhausted > 0 ? [`${scenesExhausted} of ${scenes} scenes exhausted`] : []),
              ]
            : [];
      const ran = executions > 0 ? [`in ${formatShort(executions)} executions`] : [];
      return {
        mark: 'not found',
        detail: [...ran, ...searched, `${sites.reached} of ${sites.total} sites`].join(', '),
      };
    }
    case 'not-run':
      return { mark: 'not looked for', detail: '' };
  }
}

/** How much it took until the finding was seen. */
export function firstWords({ origin, executions, ms, scene }: SeenFinding): string {
  const time = ms === null ? '' : `, ${formatDuration(ms)}`;
  if (origin === 'fuzz') return `${formatCount(executions)} ex.${time}`;
  return `${origin === 'replay' ? 'by a schedule of another design' : 'by exhaustive search'} in ${scene}`;
}

/** One line on what was done with one design in one scene. */
export function runWords({ fuzz, replayed, search, sites, findings }: Run): string {
  const parts = [
    fuzz
      ? `${formatCount(fuzz.executions)} executions in ${formatDuration(fuzz.elapsedMs)}, corpus ${formatCount(fuzz.corpus)}`
      : 'not fuzzed',
  ];
  if (replayed > 0) parts.push(`${plural(replayed, 'schedule')} of others`);
  if (search) {
    const counts = `${formatCount(search.states)} states in ${formatDuration(search.elapsedMs)}`;
    parts.push(
      search.exhausted ? `every schedule searched: ${counts}` : `search incomplete (${search.cut}): ${counts}`,
    );
  } else parts.push('not searched');
  parts.push(`${sites.reached} of ${sites.total} sites`, plural(findings.length, 'finding'));
  return parts.join('; ');
}

export function budgetWords({ executions, ms }: Budget): string {
  const parts = [
    ...(executions === null ? [] : [plural(executions, 'execution')]),
    ...(ms === null ? [] : [formatDuration(ms)]),
  ];
  return parts.length > 0 ? parts.join(' or ') : 'no fuzzing';
}

/** Where the figures come from, and what they do not say. */
export function footWords({ search, seed, budget, deterministic, warnings }: Comparison): string[] {
  const searched = search
    ? `then searched exhaustively with ${formatShort(search.memoryBytes / 2 ** 20)} MiB${search.maxTimeMs === null ? '' : ` and ${formatDuration(search.maxTimeMs)}`}`
    : 'not searched exhaustively';
  return [
    ...warnings.map((warning) => `Warning: ${warning}.`),
    `Each design in each scene: ${budgetWords(budget)} from an empty corpus, seed ${seed}${deterministic ? ', deterministic' : ''}; then the schedules that the others kept; ${searched}.`,
    '“Verified absent”: the exhaustive search has ended in every scene, and no schedule shows it up to the first finding that ends a run. “Not found” proves nothing.',
    `Sequential consistency. Not looked for: ${COSTLY_KINDS.join(', ')}.`,
  ];
}

/** Cells that are not “verified absent” although every schedule was searched, with the reason. */
export function doubtWords({ matrix, designs }: Comparison): string[] {
  return matrix.rows.flatMap(({ name }, r) =>
    designs.flatMap((design, d) => {
      const cell = matrix.cells[r]?.[d];
      return cell?.verdict === 'not-found' && cell.doubts.length > 0
        ? [`${name}, ${design}: ${cell.doubts.join('; ')}`]
        : [];
    }),
  );
}

/** `2`, or `2.3 (1–4)`. */
export function measureWords(measure: Measure | null): string {
  if (measure === null) return '–';
  const { min, mean, max } = measure;
  return min === max ? numberWords(mean) : `${numberWords(mean)} (${numberWords(min)}–${numberWords(max)})`;
}

export function numberWords(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) ? formatCount(value) : value.toFixed(2);
}

/** Counters that some design has in these samples, sorted. */
export function counterNames(samples: readonly CounterSample[]): string[] {
  return [...new Set(samples.flatMap(({ rows }) => rows.map(({ name }) => name)))].sort();
}
