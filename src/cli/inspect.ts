/** What a thread of the server does with one schedule: it runs it, and explains it or takes it apart for the viewer. */
import { pathToFileURL } from 'node:url';
import { compiledFile } from '../compiled-file.js';
import { HeddleError } from '../errors.js';
import { explainFinding, viewOfRun } from '../explain/explanation.js';
import type { ViewerData } from '../explain/viewer-data.js';
import { analyseFinding } from '../findings/analyse.js';
import type { InspectedFinding, InspectionAnswer, InspectionRequest } from '../server/inspections.js';
import { expectFinding } from './replay.js';
import { readScheduleInput, resolveSchedule, type ScheduleInput } from './schedule-input.js';
import { createTerminal } from './terminal.js';

/** The thread's script. */
export const inspectEntry = (): URL => pathToFileURL(compiledFile('cli/inspect-entry.js'));

/** Never throws: whatever goes wrong is an answer. */
export async function inspect({ kind, path }: InspectionRequest): Promise<InspectionAnswer> {
  try {
    const input = await readScheduleInput(path, undefined, {});
    return { ok: true, value: kind === 'finding' ? findingOf(input) : entryOf(input) };
  } catch (error) {
    const hint = error instanceof HeddleError ? error.hint : undefined;
    return { ok: false, error: error instanceof Error ? error.message : String(error), hint };
  }
}

function findingOf(input: ScheduleInput): InspectedFinding {
  const executor = input.executor();
  const { hot } = resolveSchedule(input, executor, createTerminal('never'));
  const bucket = expectFinding(input, executor, hot);
  const record = analyseFinding(executor, hot, bucket, { minimized: input.expected?.minimized ?? false, command: '' });
  const eager = input.executor({ eager: true });
  const { summary, causality, likelihood, viewer } = explainFinding({ executor, eager, hot, record });
  const symptom = executor.declarations.symptoms.find(({ name }) => name === record.symptom);
  return { explanation: { summary, symptomTitle: symptom?.title ?? '', causality, likelihood }, viewer };
}

function entryOf(input: ScheduleInput): ViewerData {
  const executor = input.executor();
  const { hot } = resolveSchedule(input, executor, createTerminal('never'));
  return viewOfRun(executor, input.executor({ eager: true }), hot, null);
}
