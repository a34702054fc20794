/** `heddle minimize`: one schedule to stdout, or all findings of a campaign in their folders. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../corpus/atomic.js';
import { EXIT } from '../errors.js';
import { toPortable } from '../executor/portable.js';
import { minimalityText } from '../explain/report.js';
import { minimizeToOptimum } from '../findings/optimum.js';
import { preemptionsOf } from '../findings/turns.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { formatSchedule } from '../schedule/text.js';
import { plural } from '../ui/format.js';
import { minimizeCampaign } from './minimize-campaign.js';
import { expectFinding } from './replay.js';
import { readScheduleInput, resolveSchedule, type ScheduleFlags } from './schedule-input.js';
import type { Terminal } from './terminal.js';

export interface MinimizeFlags extends ScheduleFlags {
  readonly out?: string;
  readonly keepEvents?: boolean;
  readonly transitions?: number;
  readonly jobs?: number;
  readonly quiet?: boolean;
}

/** Answers the exit code. */
export async function minimize(
  path: string,
  model: string | undefined,
  flags: MinimizeFlags,
  terminal: Terminal,
): Promise<number> {
  if (isCampaign(path)) return await minimizeCampaign(path, model, flags, terminal);
  const input = await readScheduleInput(path, model, flags);
  const executor = input.executor();
  const { hot } = resolveSchedule(input, executor, terminal);
  const bucket = expectFinding(input, executor, hot);
  const result = minimizeToOptimum(executor, hot, bucket, {
    exact: await input.exact(),
    limits: input.limits,
    keepEvents: flags.keepEvents ?? false,
    ...(flags.transitions === undefined ? {} : { transitions: flags.transitions }),
  });
  const text = formatSchedule(toPortable(executor, result.hot, executor.manifest.name));
  if (flags.out === undefined) terminal.print(text.trimEnd());
  else writeFileAtomic(flags.out, text);
  if (flags.quiet) return EXIT.ok;
  const size = ({ events, deviations, choices }: HotSchedule): string =>
    `${plural(events.length, 'event')} and ${plural(deviations.length + choices.length, 'decision')}`;
  terminal.log(
    `${bucket}: ${size(hot)} → ${size(result.hot)} in ${plural(result.runs, 'run')}${result.complete ? '' : ', cut short'}`,
  );
  const { minimality } = result;
  terminal.log(minimalityText({ minimality, preemptions: preemptionsOf(executor, result.hot) }));
  return EXIT.ok;
}

function isCampaign(path: string): boolean {
  return (
    path !== '-' &&
    existsSync(path) &&
    statSync(path).isDirectory() &&
    ['campaign.json', 'findings'].some((name) => existsSync(join(path, name)))
  );
}
