/** `heddle replay`: runs a schedule once more and says what came of it. */
import { EXIT, HeddleError } from '../errors.js';
import type { Executor } from '../executor/executor.js';
import type { TracedExecution } from '../executor/types.js';
import { analyseFinding } from '../findings/analyse.js';
import type { FindingRecord } from '../findings/finding.js';
import { bucketOf } from '../findings/place.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { plural } from '../ui/format.js';
import { readScheduleInput, resolveSchedule, type ScheduleFlags, type ScheduleInput } from './schedule-input.js';
import type { Terminal } from './terminal.js';
import { renderTrace } from './trace-text.js';
import { stateText, traceHash, type Verification, verifyRuns } from './verify-runs.js';

export interface ReplayFlags extends ScheduleFlags {
  readonly trace?: boolean;
  readonly until?: number;
  readonly verify?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Answers the exit code. */
export async function replay(
  path: string,
  model: string | undefined,
  flags: ReplayFlags,
  terminal: Terminal,
): Promise<number> {
  const input = await readScheduleInput(path, model, flags);
  const executor = input.executor();
  const { hot } = resolveSchedule(input, executor, terminal);
  const traced = executor.trace(hot);
  const verification =
    flags.verify === undefined
      ? null
      : verifyRuns(flags.verify, hot, (debug) => input.executor({ build: debug ? 'debug' : 'release' }));
  const found = traced.findings.length > 0 ? analyse(executor, hot, traced, input.expected) : null;
  const verdict = verdictOf(input, traced, executor, verification);
  if (flags.json) {
    const run = { points: traced.points, state: stateText(traced.hash), trace: traceHash(traced) };
    terminal.printJson({ schema: 'heddle.replay/1', verdict: verdict.word, ...run, verification, finding: found });
    return verdict.code;
  }
  if (flags.trace || flags.until !== undefined) terminal.print(renderTrace(traced, executor.manifest, flags.until));
  else if (found && !flags.verify && !flags.quiet) terminal.print(found.report);
  if (verification) terminal.print(verificationText(verification));
  const { design, scene } = executor;
  terminal.print(
    `${executor.manifest.name} ${design}, ${scene}: ${verdict.text(terminal, found)}; state ${stateText(traced.hash)}`,
  );
  return verdict.code;
}

/** The finding that was recorded if the run shows it, else the first. */
function analyse(
  executor: Executor,
  hot: HotSchedule,
  traced: TracedExecution,
  expected: FindingRecord | null,
): FindingRecord {
  const bucket = expected !== null && shows(traced, executor, expected) ? expected.bucket : null;
  return analyseFinding(executor, hot, bucket, { minimized: expected?.minimized ?? false });
}

function shows({ findings }: TracedExecution, executor: Executor, expected: FindingRecord): boolean {
  return findings.some((raw) => bucketOf(raw, executor.manifest) === expected.bucket);
}

interface Verdict {
  readonly code: number;
  readonly word: 'reproduced' | 'passes' | 'not-reproduced' | 'nondeterministic';
  text(terminal: Terminal, found: FindingRecord | null): string;
}

function verdictOf(
  input: ScheduleInput,
  traced: TracedExecution,
  executor: Executor,
  verification: Verification | null,
): Verdict {
  const { expected } = input;
  if (verification && verification.equal < verification.runs) {
    return {
      code: EXIT.notReproduced,
      word: 'nondeterministic',
      text: ({ out }) => out.red('runs differ: this is a bug of Heddle'),
    };
  }
  if (expected !== null && !shows(traced, executor, expected)) {
    const text = ({ out }: Terminal, found: FindingRecord | null): string =>
      `${out.yellow('did not reproduce')} ${expected.title}${found ? `; it shows ${found.title} instead` : ''}`;
    return { code: EXIT.notReproduced, word: 'not-reproduced', text };
  }
  if (traced.findings.length > 0) {
    const text = ({ out }: Terminal, found: FindingRecord | null): string =>
      `${out.red('reproduced')} ${found?.title ?? ''} (${found?.symptom}), signature ${found?.kind}-${found?.signature}`;
    return { code: EXIT.finding, word: 'reproduced', text };
  }
  const text = ({ out }: Terminal): string => `${out.green('passes')}, ${plural(traced.points, 'point')}`;
  return { code: EXIT.ok, word: 'passes', text };
}

function verificationText({ runs, equal, state, trace }: Verification): string {
  return `${equal} of ${runs} runs equal, each in the release and in the debug build: state ${state} trace ${trace}`;
}

/** What `minimize` and `explain` need: the finding that is recorded beside the schedule, or the first that its run shows. */
export function expectFinding(input: ScheduleInput, executor: Executor, hot: HotSchedule): string {
  const { findings } = executor.run(hot);
  const buckets = findings.map((raw) => bucketOf(raw, executor.manifest));
  const wanted = input.expected?.bucket ?? buckets[0];
  if (wanted !== undefined && buckets.includes(wanted)) return wanted;
  throw new HeddleError('HDL_NOT_REPRODUCED', `the schedule does not show ${input.expected?.title ?? 'any finding'}`, {
    hint: buckets.length
      ? `it shows: ${buckets.join('; ')}`
      : 'it passes; was it found with another design, scene or version of the model?',
  });
}
