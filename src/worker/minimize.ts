/** The thread of `heddle minimize <campaign>`: one finding a task. Piscina calls the default export. */
import { workerData } from 'node:worker_threads';
import type { FindingRecord } from '../findings/finding.js';
import { type ModelFlavours, minimizeRecord, type RecordOptions } from '../findings/minimize-record.js';

export interface MinimizeSetup {
  readonly model: ModelFlavours;
  readonly options: RecordOptions;
}

// Piscina hands over [its own data, ours].
const { model, options } = (Array.isArray(workerData) ? workerData[1] : workerData) as MinimizeSetup;

export default function handle(record: FindingRecord): FindingRecord {
  return minimizeRecord(model, record, options);
}
