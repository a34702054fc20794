/** The status screen as text: a pure function of the status and the terminal's width. Who paints it is `reporter.ts`. */
import type { Colors } from 'picocolors/types.js';
import { formatCount, formatDuration, formatShare, formatShort, truncate } from './format.js';
import { budgetOf, type CampaignView } from './view.js';

/** A probability from 0 to 1. */
function formatChance(p: number): string {
  return p >= 0.0005 ? `${(p * 100).toFixed(1)} %` : p > 0 ? p.toExponential(0) : '0';
}

type Paint = (text: string) => string;
interface Field {
  readonly name: string;
  readonly value: string;
  readonly paint?: Paint | undefined;
}

const WIDTH_MIN = 40;
const WIDTH_MAX = 100;
const NAME_WIDTH = 12;
/** Below this width the two columns stand one above the other. */
const TWO_COLUMNS_FROM = 72;

/** Minutes without anything new after which the field turns yellow. */
const STALE_MS = 10 * 60_000;

/** No trailing newline; no line longer than `width`. */
export function renderScreen(view: CampaignView, width: number, colors: Colors): string {
  const columns = Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, width || 80)) - 1;
  const title = ` heddle · ${view.model} ${view.design} · ${view.scene ?? 'all scenes'} · seed ${view.seed}`;
  const lines = [colors.bold(truncate(title, columns)), ...facts(view, columns), rule('results', columns, colors)];
  const left = results(view, colors);
  const right = progress(view, colors);
  if (columns >= TWO_COLUMNS_FROM) {
    const half = Math.floor((columns - 3) / 2);
    for (let i = 0; i < Math.max(left.length, right.length); i++) {
      lines.push(`${cell(left[i], half)} ${colors.dim('│')} ${cell(right[i], half)}`.trimEnd());
    }
  } else {
    for (const field of [...left, ...right]) lines.push(cell(field, columns).trimEnd());
  }
  lines.push(rule('entries gained / executions, by strategy', columns, colors), ...strategies(view, columns));
  return lines.join('\n');
}

function facts(view: CampaignView, columns: number): string[] {
  const { status } = view;
  const text = ` run time ${formatDuration(status.elapsedMs)} · budget ${budgetOf(view, formatDuration, formatShort)}`;
  return [truncate(text, columns)];
}

function ago(status: CampaignView['status'], at: number | null): string {
  return at === null ? 'none yet' : `${formatDuration(Math.max(0, status.elapsedMs - at))} ago`;
}

function results({ status }: CampaignView, colors: Colors): Field[] {
  const isStale = status.elapsedMs - (status.lastNewMs ?? 0) > STALE_MS;
  return [
    {
      name: 'findings',
      value: `${formatCount(status.findings)} (${formatShort(status.knownHits)} known hits)`,
      paint: status.findings > 0 ? colors.red : undefined,
    },
    { name: 'last finding', value: ago(status, status.lastFindingMs) },
    { name: 'last new', value: ago(status, status.lastNewMs), paint: isStale ? colors.yellow : undefined },
    { name: 'corpus', value: formatCount(status.corpus) },
    { name: 'features', value: formatCount(status.features) },
    { name: 'states', value: formatShort(status.states) },
    { name: 'next is new', value: formatChance(status.chanceOfNew) },
  ];
}

function progress({ status }: CampaignView, colors: Colors): Field[] {
  const { executions, points, workers, workersReplaced, unsteady, imported, refused } = status;
  const slow = status.executionsPerSecondNow < status.executionsPerSecond / 4;
  return [
    { name: 'executions', value: formatShort(executions) },
    {
      name: 'speed',
      value: `${formatShort(status.executionsPerSecond)}/s (now ${formatShort(status.executionsPerSecondNow)}/s)`,
      paint: slow && executions > 0 ? colors.yellow : undefined,
    },
    { name: 'points', value: executions > 0 ? `${(points / executions).toFixed(1)} an execution` : '-' },
    {
      name: 'sites',
      value: `${status.sitesReached} of ${status.sitesTotal} (${formatShare(status.sitesReached, status.sitesTotal)})`,
    },
    {
      name: 'workers',
      value: workersReplaced ? `${workers} (${workersReplaced} replaced)` : String(workers),
      paint: workersReplaced > 0 ? colors.red : undefined,
    },
    { name: 'search', value: searchOf(status.searches) },
    {
      name: 'unsteady',
      value: formatCount(unsteady),
      paint: unsteady > 0 ? colors.red : undefined,
    },
    {
      name: 'shared',
      value: `${formatCount(imported)} taken, ${formatCount(refused)} refused`,
      paint: refused > 0 ? colors.yellow : undefined,
    },
  ];
}

/** The scene that is being searched; else how many are done. */
function searchOf(searches: CampaignView['status']['searches']): string {
  const current = searches.find(({ state }) => state === 'searching');
  if (current) return `${current.scene}, ${formatShort(current.states)} states`;
  if (searches.some(({ state }) => state === 'building')) return 'its model is being built';
  const whole = searches.filter(({ state }) => state === 'exhausted');
  const stopped = searches.find(({ state }) => state === 'stopped');
  if (whole.length > 0) return `${whole.length} of ${searches.length} scenes, every schedule`;
  return stopped ? `stopped: ${stopped.reason}` : '-';
}

function strategies({ status }: CampaignView, columns: number): string[] {
  const parts = Object.entries(status.strategies).map(
    ([name, s]) => `${name} ${formatShort(s.entries)}/${formatShort(s.executions)}`,
  );
  return [truncate(` ${parts.join(' · ') || '-'}`, columns)];
}

/** Padded before it is painted: colour codes have no width. */
function cell(field: Field | undefined, width: number): string {
  if (!field) return ' '.repeat(width);
  const name = ` ${field.name.padEnd(NAME_WIDTH)} `;
  const value = truncate(field.value, width - name.length);
  const rest = ' '.repeat(Math.max(0, width - name.length - [...value].length));
  return `${name}${field.paint ? field.paint(value) : value}${rest}`;
}

function rule(title: string, columns: number, colors: Colors): string {
  const text = ` ── ${title} `;
  return colors.dim(truncate(text + '─'.repeat(Math.max(0, columns - text.length)), columns));
}
