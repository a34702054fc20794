/** `heddle minimize` and `heddle explain`: what the findings folder does for campaigns, for one schedule. */
import { writeFileAtomic } from '../corpus/atomic.js';
import { toPortable } from '../executor/portable.js';
import { analyseFinding } from '../findings/analyse.js';
import { minimizeFinding } from '../findings/minimize.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { formatSchedule } from '../schedule/text.js';
import { plural } from '../ui/format.js';
import { invocation, shellWord } from './about.js';
import { expectFinding } from './replay.js';
import { readScheduleInput, resolveSchedule, type ScheduleFlags } from './schedule-input.js';
import type { Terminal } from './terminal.js';

export interface MinimizeFlags extends ScheduleFlags {
  readonly out?: string;
  readonly keepEvents?: boolean;
  readonly quiet?: boolean;
}

export async function minimize(
  path: string,
  model: string | undefined,
  flags: MinimizeFlags,
  terminal: Terminal,
): Promise<void> {
  const input = await readScheduleInput(path, model, flags);
  const executor = input.executor();
  const { hot } = resolveSchedule(input, executor, terminal);
  const bucket = expectFinding(input, executor, hot);
  const result = minimizeFinding(executor, hot, bucket, { keepEvents: flags.keepEvents ?? false });
  const text = formatSchedule(toPortable(executor, result.hot, executor.manifest.name));
  if (flags.out === undefined) terminal.print(text.trimEnd());
  else writeFileAtomic(flags.out, text);
  if (flags.quiet) return;
  const size = ({ events, deviations, choices }: HotSchedule): string =>
    `${plural(events.length, 'event')} and ${plural(deviations.length + choices.length, 'decision')}`;
  terminal.log(
    `${bucket}: ${size(hot)} → ${size(result.hot)} in ${plural(result.runs, 'run')}${result.complete ? '' : ', cut short'}`,
  );
}

export interface ExplainFlags extends ScheduleFlags {
  readonly json?: boolean;
}

export async function explain(
  path: string,
  model: string | undefined,
  flags: ExplainFlags,
  terminal: Terminal,
): Promise<void> {
  const input = await readScheduleInput(path, model, flags);
  const executor = input.executor();
  const { hot } = resolveSchedule(input, executor, terminal);
  const bucket = expectFinding(input, executor, hot);
  const command =
    path === '-'
      ? ''
      : [`${invocation()} replay`, path, ...(model === undefined ? [] : [model])]
          .map((w, i) => (i ? shellWord(w) : w))
          .join(' ');
  const record = analyseFinding(executor, hot, bucket, { minimized: input.expected?.minimized ?? false, command });
  if (flags.json)
    terminal.printJson({ schema: 'heddle.explain/1', ...record, schedule: formatSchedule(record.schedule) });
  else terminal.print(record.report.trimEnd());
}
