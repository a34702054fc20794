/** `heddle explain`: why a schedule fails, in five formats. */
import { writeFileAtomic } from '../corpus/atomic.js';
import { fromPortable } from '../executor/portable.js';
import { explainFinding, type Explanation } from '../explain/explanation.js';
import { type ExplainFormat, renderMarkdown, renderText } from '../explain/formats.js';
import { renderHtml } from '../explain/html.js';
import { renderMermaid } from '../explain/mermaid.js';
import { analyseFinding } from '../findings/analyse.js';
import { minimizeToOptimum } from '../findings/optimum.js';
import { formatSchedule } from '../schedule/text.js';
import { invocation } from './about.js';
import { shellWord } from '../ui/shell-word.js';
import { expectFinding } from './replay.js';
import { readScheduleInput, resolveSchedule, type ScheduleFlags } from './schedule-input.js';
import type { Terminal } from './terminal.js';

export interface ExplainFlags extends ScheduleFlags {
  readonly format: ExplainFormat;
  readonly json?: boolean;
  readonly minimize?: boolean;
  readonly out?: string;
}

const RENDER: Readonly<Record<ExplainFormat, (explanation: Explanation) => string>> = {
  text: renderText,
  markdown: renderMarkdown,
  mermaid: renderMermaid,
  html: renderHtml,
  json: (explanation) => `${JSON.stringify(documentOf(explanation), null, 2)}\n`,
};

export async function explain(
  path: string,
  model: string | undefined,
  flags: ExplainFlags,
  terminal: Terminal,
): Promise<void> {
  const input = await readScheduleInput(path, model, flags);
  const executor = input.executor();
  const given = resolveSchedule(input, executor, terminal).hot;
  const bucket = expectFinding(input, executor, given);
  const words = [path, ...(model === undefined ? [] : [model])].map(shellWord);
  const command = path === '-' || flags.minimize ? '' : [`${invocation()} replay`, ...words].join(' ');
  // What is explained must be what was asked about: only a finding that is kept has a symptom that it was seen under.
  const story = { wakers: true, symptom: input.expected !== null };
  const optimum = flags.minimize
    ? minimizeToOptimum(executor, given, bucket, { exact: await input.exact(), limits: input.limits, story })
    : null;
  const hot = optimum?.hot ?? given;
  const minimality = optimum?.minimality ?? input.expected?.minimality;
  const record = analyseFinding(executor, hot, bucket, {
    minimized: flags.minimize ?? input.expected?.minimized ?? false,
    command,
    ...(minimality ? { minimality } : {}),
  });
  const eager = input.executor({ eager: true });
  const text = RENDER[flags.json ? 'json' : flags.format](explainFinding({ executor, eager, hot, record }));
  if (flags.out === undefined) terminal.print(text.trimEnd());
  else writeFileAtomic(flags.out, text);
}

/** Of a finding's folder, as it was found. @throws HeddleError if its model is not there or does not show it any more. */
export async function explainFolder(folder: string): Promise<Explanation> {
  const input = await readScheduleInput(folder, undefined, {});
  const executor = input.executor();
  const { hot } = fromPortable(executor, input.schedule);
  const bucket = expectFinding(input, executor, hot);
  const record = input.expected ?? analyseFinding(executor, hot, bucket);
  return explainFinding({ executor, eager: input.executor({ eager: true }), hot, record });
}

/** The finding's fields as in finding.json, and beside them what was found out about it. */
function documentOf({ record, tasks, rows, causality, likelihood, summary }: Explanation): object {
  return {
    schema: 'heddle.explain/1',
    ...record,
    schedule: formatSchedule(record.schedule),
    ...(record.earlier ? { earlier: record.earlier.map(formatSchedule) } : {}),
    summary,
    tasks,
    rows,
    causality,
    likelihood,
  };
}
