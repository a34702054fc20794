/** `heddle status`: campaigns, running and dead, from their folders. */
import { campaignsAt, type Standing, standingOf } from '../campaign/standing.js';
import { HeddleError } from '../errors.js';
import { formatCount, formatDuration, formatShort, plural } from '../ui/format.js';
import { untilNext } from './signals.js';
import type { Terminal } from './terminal.js';

export interface StatusFlags {
  readonly json?: boolean;
  readonly watch?: boolean;
}

const WATCH_MS = 2_000;

export async function status(dirs: readonly string[], flags: StatusFlags, terminal: Terminal): Promise<void> {
  do {
    const standings = allStandings(dirs);
    for (const standing of standings) {
      if (flags.json) process.stdout.write(`${JSON.stringify({ schema: 'heddle.status/1', ...standing })}\n`);
      else terminal.print(render(standing, terminal));
    }
    if (!flags.json && standings.length > 1) terminal.print(total(standings));
  } while (flags.watch && (await untilNext(WATCH_MS)));
}

/** A campaign that is there, and of which no more can be told: it must not vanish from the list. */
interface Unreadable {
  readonly dir: string;
  readonly state: 'unreadable';
  readonly problem: string;
}

function standingOrProblem(dir: string): Standing | Unreadable | null {
  try {
    return standingOf(dir);
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    return { dir, state: 'unreadable', problem: error.message };
  }
}

function allStandings(dirs: readonly string[]): (Standing | Unreadable)[] {
  const wanted = dirs.length > 0 ? dirs : ['heddle-out'];
  return wanted.flatMap((dir) => {
    const found = campaignsAt(dir);
    if (found.length === 0) {
      throw new HeddleError('HDL_USAGE', `${dir} is no campaign, and has none in it`, {
        hint: 'Name the folder that heddle fuzz wrote with -o.',
      });
    }
    return found.flatMap((path) => standingOrProblem(path) ?? []);
  });
}

function render(standing: Standing | Unreadable, { out }: Terminal): string {
  if (standing.state === 'unreadable') return `${standing.dir}: ${out.red('unreadable')}\n  ${standing.problem}`;
  const { dir, state, model, design, scene, holder, status: s, findings, ageMs } = standing;
  const paint = { running: out.green, elsewhere: out.yellow, ended: out.dim, died: out.red }[state];
  const who = state === 'running' || state === 'elsewhere' ? ` (process ${holder?.pid} on ${holder?.host})` : '';
  const age = ageMs === null ? '' : `, ${formatDuration(ageMs)} ago`;
  const found = plural(findings.length, 'finding');
  const lines = [`${dir}: ${paint(state)}${who}${age}`, `  ${model} ${design}, ${scene ?? 'all scenes'}`];
  if (s) {
    const { executions, executionsPerSecondNow, corpus, features, workersReplaced } = s;
    const lost = workersReplaced > 0 ? out.red(`, ${plural(workersReplaced, 'worker')} replaced`) : '';
    lines.push(
      `  ${formatShort(executions)} executions (${formatShort(executionsPerSecondNow)}/s) in ${formatDuration(s.elapsedMs)}${lost}`,
      `  corpus ${formatCount(corpus)}, ${formatCount(features)} features`,
    );
  }
  lines.push(`  ${findings.length > 0 ? out.red(found) : found}; ${formatShort(standing.bytes)}B in the folder`);
  for (const name of findings) lines.push(`    ${name}`);
  if (standing.quarantined > 0) lines.push(`  ${out.red(`${formatCount(standing.quarantined)} in quarantine`)}`);
  if (standing.torn > 0) lines.push(`  ${out.yellow(`${plural(standing.torn, 'torn line')} in the journal`)}`);
  return lines.join('\n');
}

function total(all: readonly (Standing | Unreadable)[]): string {
  const standings = all.filter((one) => one.state !== 'unreadable');
  const running = standings.filter(({ state }) => state === 'running').length;
  const executions = standings.reduce((sum, s) => sum + (s.status?.executions ?? 0), 0);
  const findings = new Set(standings.flatMap((s) => s.findings)).size;
  return `${plural(all.length, 'campaign')}, ${running} running: ${formatShort(executions)} executions, ${plural(findings, 'different finding')}`;
}
