/** The thread of `heddle minimize <campaign>`: one finding a task. Piscina calls the default export. */
import { workerData } from 'node:worker_threads';
import { type ErrorCode, HeddleError } from '../errors.js';
import type { FindingRecord } from '../findings/finding.js';
import { type ModelFlavours, minimizeRecord, type RecordOptions } from '../findings/minimize-record.js';

export interface MinimizeSetup {
  readonly model: ModelFlavours;
  readonly options: RecordOptions;
}

// Piscina hands over [its own data, ours].
const { model, options } = (Array.isArray(workerData) ? workerData[1] : workerData) as MinimizeSetup;

/** An error that is thrown here loses its code on its way to another thread. */
export type Minimized = { readonly record: FindingRecord } | { readonly code: ErrorCode; readonly message: string };

export default function handle(record: FindingRecord): Minimized {
  try {
    return { record: minimizeRecord(model, record, options) };
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    return { code: error.code, message: error.message };
  }
}
