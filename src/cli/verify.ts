/** `heddle verify`: exhaustive search with its progress, its violations and its verdict. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildModel, type ModelEntry } from '../build/index.js';
import type { Artefact } from '../build/cache.js';
import { now } from '../clock.js';
import { findModel } from './model-path.js';
import { within } from '../deadline.js';
import { EXIT, HeddleError } from '../errors.js';
import type { Declarations } from '../executor/declarations.js';
import { DEFAULT_LIMITS, Executor } from '../executor/executor.js';
import { COSTLY_KINDS } from '../executor/oracles.js';
import type { FindingKind } from '../executor/types.js';
import { findingDir, saveFinding } from '../findings/store.js';
import type { HubBoard } from '../sync/hub/board.js';
import { formatCount, formatDuration, formatShort, plural } from '../ui/format.js';
import { renderFinding } from '../ui/results.js';
import { vacuityLine, vacuityOf } from '../coverage/vacuity.js';
import { type VerifyProgress, type VerifyResult, verify } from '../verify/verify.js';
import { TOLD_TO_END } from '../verify/cuts.js';
import { searchName } from '../verify/partitions.js';
import type { SharedCounts, VerifyOptions } from '../verify/types.js';
import { invocation, packageVersion } from './about.js';
import { shellWord } from '../ui/shell-word.js';
import { oracleKinds, requireName } from './fuzz-options.js';
import { type HubFlags, hubAddress } from './hub-address.js';
import { interruptible } from './signals.js';
import type { Terminal } from './terminal.js';

export interface VerifyFlags extends HubFlags {
  readonly hub?: string;
  readonly design?: string;
  readonly scene?: string;
  readonly option?: Readonly<Record<string, number>>;
  readonly maxSteps: number;
  readonly maxTime?: number;
  readonly oracles: string;
  readonly memory: number;
  readonly all?: boolean;
  readonly reduction: boolean;
  readonly jobs: number;
  readonly maxPreemptions?: number;
  readonly maxDepth?: number;
  readonly bitstate?: boolean;
  readonly resume?: boolean;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Kinds for which the search keeps the edges between states. */
const REPEATING: readonly FindingKind[] = ['livelock', 'starvation'];
const TIME_UP = 'its time was up';
/** Between two lines of progress. */
const PROGRESS_MS = 5_000;

/** What is verified: one design of a model, scene by scene. */
interface Subject {
  readonly model: string;
  readonly entry: ModelEntry;
  readonly fast: Artefact;
  readonly exact: Artefact;
  readonly declarations: Declarations;
  readonly design: string;
  readonly outDir: string;
  /** There is one scene to verify. */
  readonly isOnly: boolean;
}

/** Verifies the scene that is named, or all in turn. Answers the exit code. */
export async function verifyModel(model: string, flags: VerifyFlags, terminal: Terminal): Promise<number> {
  const entry = await findModel(model);
  const fast = await buildModel(entry.path);
  const exact = await buildModel(entry.path, { flavour: 'exact' });
  const declarations = Executor.describe(fast);
  const { name } = fast.manifest;
  const design = flags.design ?? declarations.designs[0]?.name ?? '';
  requireName(declarations.designs, design, 'design', name);
  if (flags.scene !== undefined) requireName(declarations.scenes, flags.scene, 'scene', name);
  requireChecked(flags);
  const outDir = flags.out ?? join('heddle-out', `${name}-${design}-verify`.replaceAll(/[^\w.-]+/g, '_'));
  const scenes = flags.scene === undefined ? declarations.scenes.map((scene) => scene.name) : [flags.scene];
  const isOnly = scenes.length === 1;
  const subject: Subject = { model, entry, fast, exact, declarations, design, outDir, isOnly };
  const begin = now();
  const stopping = (): void => terminal.log('stopping; once more to quit at once');
  return interruptible(async (signal) => {
    const verdicts: VerifyResult['verdict'][] = [];
    for (const [i, scene] of scenes.entries()) {
      const left = flags.maxTime === undefined ? null : flags.maxTime - (now() - begin);
      if (i > 0 && (signal.aborted || (left !== null && left <= 0))) {
        terminal.log(`not begun, as ${signal.aborted ? TOLD_TO_END : TIME_UP}: ${scenes.slice(i).join(', ')}`);
        verdicts.push(...scenes.slice(i).map(() => 'incomplete' as const));
        break;
      }
      // A scene that is too large leaves the others their part of the time.
      const share = left === null ? null : Math.max(0, left) / (scenes.length - i);
      verdicts.push(await verifyScene(subject, scene, flags, share, terminal, signal));
    }
    if (!isOnly && !flags.json) terminal.print(`${name} ${design}: ${summaryLine(verdicts)}`);
    const codes = verdicts.map((verdict) => CODES[verdict]);
    return codes.find((code) => code === EXIT.finding) ?? Math.max(EXIT.ok, ...codes);
  }, stopping);
}

const CODES = {
  verified: EXIT.ok,
  bounded: EXIT.ok,
  violated: EXIT.finding,
  incomplete: EXIT.notReproduced,
} as const;

/** How many scenes have which verdict. */
function summaryLine(verdicts: readonly VerifyResult['verdict'][]): string {
  const names = Object.keys(CODES) as (keyof typeof CODES)[];
  const counts = names.map((name) => [verdicts.filter((verdict) => verdict === name).length, name] as const);
  const said = counts
    .filter(([n]) => n > 0)
    .map(([n, name]) => `${n} ${name === 'bounded' ? 'within the bounds' : name}`);
  return `of ${plural(verdicts.length, 'scene')} ${said.join(', ')}`;
}

/** One scene, in so many milliseconds (null: as many as it takes). */
async function verifyScene(
  { model, entry, fast, exact, declarations, design, outDir, isOnly }: Subject,
  scene: string,
  flags: VerifyFlags,
  maxTimeMs: number | null,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<VerifyResult['verdict']> {
  const { name } = fast.manifest;
  const file = join(outDir, `${scene}.checkpoint`.replaceAll(/[^\w.-]+/g, '_'));
  // Where all scenes go on, those that were done have left no checkpoint.
  const resume = (flags.resume ?? false) && (isOnly || existsSync(file));
  const checkpoint = { file, resume, warn: (message: string) => terminal.log(message) };
  if (!flags.quiet) terminal.log(`verifying ${name}, design ${design}, scene ${scene}`);
  let nextLine = PROGRESS_MS;
  const tell = (p: VerifyProgress): void => {
    if (flags.quiet || p.elapsedMs < nextLine) return;
    nextLine += PROGRESS_MS;
    terminal.log(progressLine(p));
  };
  const options: VerifyOptions = {
    exact: { wasm: exact.wasm, manifest: exact.manifest },
    fast: { wasm: fast.wasm, manifest: fast.manifest },
    design,
    scene,
    options: flags.option ?? {},
    oracles: oracleKinds(flags.oracles),
    costly: isCostlySearch(flags.oracles),
    liveness: isLivenessSearch(flags.oracles),
    fewest: true,
    jobs: flags.jobs,
    bounds: { preemptions: flags.maxPreemptions ?? null, depth: flags.maxDepth ?? null },
    bitstate: flags.bitstate ?? false,
    ...(flags.hub === undefined ? { checkpoint } : {}),
    reduce: flags.reduction,
    all: flags.all ?? false,
    memoryBytes: flags.memory,
    stepLimit: flags.maxSteps,
    fuelLimit: DEFAULT_LIMITS.fuel,
  };
  const board = flags.hub === undefined ? null : await openBoard(flags.hub, flags, { model: name, options }, terminal);
  const run = (ends: AbortSignal) => verify({ ...options, ...(board ? { board } : {}) }, tell, ends);
  const found = await within(maxTimeMs, signal, run).finally(() => board?.close());
  // The search knows only that it was told to end.
  const result = found.cut === TOLD_TO_END && !signal.aborted ? { ...found, cut: TIME_UP } : found;
  const vacuity = vacuityOf(exact.manifest, declarations, {
    design,
    scene,
    reached: result.reached,
    ...(result.observed ? { observed: result.observed } : {}),
  });
  const word = entry.origin === 'path' ? ` ${shellWord(model)}` : '';
  const shown = result.records.map((record, i) => {
    saveFinding(outDir, record);
    const folder = findingDir(outDir, record);
    const command = `${invocation()} replay ${shellWord(folder)}${word}`;
    const symptomTitle = declarations.symptoms.find((s) => s.name === record.symptom)?.title ?? '';
    return { number: i + 1, record, symptomTitle, command, folder };
  });
  if (flags.json) {
    const findings = shown.map(({ record, command, folder }) => ({ ...record, command, folder }));
    const { records: _, reached: __, observed: ___, ...rest } = result;
    terminal.print(
      JSON.stringify({ schema: 'heddle.verify/1', model: name, design, scene, ...rest, vacuity, findings }),
    );
  } else {
    for (const finding of shown) terminal.print(renderFinding(finding, terminal.out));
    terminal.print(`${name} ${design}, ${scene}: ${verdictLine(result, flags)}`);
    if (result.shared) terminal.print(sharedLine(result.shared));
    terminal.print(vacuityLine(vacuity));
    if (result.checkpoint)
      terminal.print(`what was done is kept in ${result.checkpoint}; the same command with --resume goes on`);
  }
  return result.verdict;
}

function progressLine(p: VerifyProgress): string {
  const found = p.findings ? `, ${plural(p.findings, 'finding')}` : '';
  return `${formatDuration(p.elapsedMs)}  ${formatShort(p.states)} states, ${formatShort(p.transitions)} transitions, ${formatShort(p.statesPerSecond)} states/s, depth ${p.depth}, queue ${p.queue}${found}`;
}

/** The client is loaded only where a hub is named. */
async function openBoard(
  url: string,
  flags: HubFlags,
  { model, options }: { readonly model: string; readonly options: VerifyOptions },
  terminal: Terminal,
): Promise<HubBoard> {
  const { HubBoard: Hub } = await import('../sync/hub/board.js');
  const warning = (message: string): void => terminal.log(`${terminal.err.yellow('warning:')} ${message}`);
  const { design, scene } = options;
  const about = { model, design, scene };
  return Hub.open(hubAddress(url, flags), searchName(options, packageVersion()), about, { warning });
}

/** Who did what. States of different processes are not compared, so their sum is no number of distinct states. */
function sharedLine({ partitions, own, done, processes, states, transitions }: SharedCounts): string {
  const who = `${formatCount(done)} of ${plural(partitions, 'partition')} searched, ${formatCount(own)} of them here, by ${plural(processes, 'process', 'processes')}`;
  return `over the hub: ${who}; in all ${formatCount(states)} states visited, some by several processes, and ${formatCount(transitions)} transitions`;
}

/** Says “verified” only for a search that was complete. */
function verdictLine(result: VerifyResult, flags: VerifyFlags): string {
  const { states, transitions, elapsedMs, collision, cut, exhausted, threads } = result;
  const counts = `${formatCount(states)} states, ${formatCount(transitions)} transitions`;
  const what =
    flags.oracles === 'all' || flags.oracles === 'cheap' ? 'no violation' : `no violation of ${flags.oracles}`;
  const missed = flags.bitstate
    ? `about ${(collision * 100).toPrecision(1)} % of states missed`
    : `collision ${collision.toExponential(0)}`;
  const how = `${flags.reduction ? 'with' : 'without'} reduction, ${plural(threads, 'thread')}, ${formatDuration(elapsedMs)}, ${missed}`;
  const repeats = result.mayRepeat ? '; runs that go on for ever were not judged: --oracles livelock' : '';
  if (result.verdict === 'verified') return `verified: ${counts}, ${what} (sequential consistency; ${how}${repeats})`;
  if (result.verdict === 'bounded') {
    return `within the bounds: ${counts}, ${what} with ${boundsText(flags)} (sequential consistency; ${how}${repeats}); schedules beyond them were left out`;
  }
  if (result.verdict === 'violated') {
    const rest = exhausted
      ? 'all schedules were covered'
      : cut
        ? `not all schedules were covered: ${cut}`
        : 'the search stopped here (--all goes on)';
    return `violated: ${plural(result.records.length, 'finding')} in ${counts}; ${rest}${fewestText(result)} (${how})`;
  }
  if (flags.bitstate) return `not proved: ${cut}; ${counts}, ${what} (${how})`;
  return `incomplete, nothing is proved: ${cut}, after ${counts} without a violation; give it more --memory or --max-time, a smaller scene, or fewer --oracles`;
}

function boundsText({ maxPreemptions, maxDepth }: VerifyFlags): string {
  const parts = [];
  if (maxPreemptions !== undefined) parts.push(`at most ${plural(maxPreemptions, 'preemption')}`);
  if (maxDepth !== undefined) parts.push(`at most ${plural(maxDepth, 'state')} on a path`);
  return parts.join(' and ');
}

/** Says so only where searches with fewer preemptions came to their end. */
function fewestText({ records, fewest }: VerifyResult): string {
  const proved = records.filter((record) => fewest[record.signature]);
  if (proved.length === 0) return '';
  const most = Math.max(...proved.map((record) => record.preemptions));
  if (proved.length < records.length) return `; of ${proved.length} it is proved that no fewer preemptions do`;
  return `; no schedule with fewer preemptions shows ${records.length === 1 ? `it (${most})` : 'them'}: proved`;
}

/** Do the costly oracles judge the search as well? */
function isCostlySearch(oracles: string): boolean {
  return oracles === 'all' || COSTLY_KINDS.some((kind) => oracles.split(',').includes(kind));
}

/** Are cycles looked for? */
function isLivenessSearch(oracles: string): boolean {
  return oracles === 'all' || REPEATING.some((kind) => oracles.split(',').includes(kind));
}

function requireChecked(flags: VerifyFlags): void {
  const { bitstate, resume, hub, oracles } = flags;
  if (hub !== undefined && (isCostlySearch(oracles) || isLivenessSearch(oracles))) {
    throw new HeddleError(
      'HDL_USAGE',
      `--oracles ${oracles} needs what one process sees of the whole search, so it cannot be shared over a hub`,
      {
        hint: 'share the search with --oracles cheap or memory, and run the other kinds without --hub',
      },
    );
  }
  if (hub !== undefined && (bitstate || resume)) {
    throw new HeddleError('HDL_USAGE', `--hub cannot be combined with ${bitstate ? '--bitstate' : '--resume'}`, {
      hint: bitstate
        ? 'bits of several processes prove nothing together; leave one of them out'
        : 'what was done of a shared search is kept by the hub: the same command without --resume goes on',
    });
  }

  if (bitstate && resume) {
    throw new HeddleError('HDL_USAGE', '--bitstate keeps no checkpoint, so there is nothing to resume', {
      hint: 'leave one of them out',
    });
  }
}
