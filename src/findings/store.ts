/**
 * The findings folder of a campaign: one folder a signature with `finding.json`, the schedule as `min.sched` and `report.txt`. The JSON is
 * written last, so a folder that has it is complete.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type NewFile, writeFileAtomic } from '../corpus/atomic.js';
import { HeddleError } from '../errors.js';
import { FINDING_KINDS } from '../executor/types.js';
import { withCommand } from '../explain/report.js';
import { refuseSpecial } from '../regular-file.js';
import type { Schedule } from '../schedule/schedule.js';
import { formatSchedule, parseSchedule } from '../schedule/text.js';
import type { FindingRecord } from './finding.js';

const SCHEMA = 'heddle.finding/1';
const JSON_FILE = 'finding.json';
const SCHEDULE_FILE = 'min.sched';
const REPORT_FILE = 'report.txt';

const Place = v.nullable(
  v.object({
    function: v.string(),
    operation: v.string(),
    field: v.string(),
    file: v.string(),
    line: v.number(),
    task: v.string(),
  }),
);

/** A record with its schedule as text. */
const StoredFinding = v.object({
  schema: v.literal(SCHEMA),
  kind: v.picklist(FINDING_KINDS),
  title: v.string(),
  symptom: v.string(),
  signature: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'a signature is 16 hex digits')),
  identity: v.array(v.string()),
  bucket: v.string(),
  message: v.string(),
  design: v.string(),
  scene: v.string(),
  place: Place,
  allocated: Place,
  freed: Place,
  other: v.optional(Place, null),
  object: v.string(),
  hash: v.string(),
  executions: v.number(),
  foundBy: v.optional(v.string()),
  minimized: v.boolean(),
  maxSteps: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  preemptions: v.number(),
  schedule: v.string(),
  earlier: v.optional(v.array(v.string()), []),
  diagram: v.string(),
  report: v.string(),
  minimality: v.optional(
    v.object({
      proved: v.boolean(),
      atLeast: v.number(),
      canonical: v.boolean(),
      why: v.string(),
      transitions: v.number(),
    }),
  ),
});

/** `use-after-free-0123456789abcdef`: the folder's name. */
export function findingId({ kind, signature }: Pick<FindingRecord, 'kind' | 'signature'>): string {
  return `${kind}-${signature}`;
}

/** Where the campaign in `outDir` keeps its findings. */
export function findingsDir(outDir: string): string {
  return join(outDir, 'findings');
}

/** The finding's own folder. */
export function findingDir(outDir: string, record: Pick<FindingRecord, 'kind' | 'signature'>): string {
  return join(findingsDir(outDir), findingId(record));
}

/**
 * Writes the finding unless its signature is there already; answers whether it was new. `command` makes the line to paste from the path
 * of the schedule's file.
 *
 * @throws HeddleError HDL_IO if it cannot be written.
 */
export function saveFinding(
  outDir: string,
  record: FindingRecord,
  command?: (scheduleFile: string) => string,
): boolean {
  const files = newFindingFiles(outDir, record, command);
  for (const { path, content } of files) writeFileAtomic(path, content);
  return files.length > 0;
}

/** What `saveFinding` has to write, in this order. */
export function newFindingFiles(
  outDir: string,
  record: FindingRecord,
  command?: (scheduleFile: string) => string,
): NewFile[] {
  const dir = findingDir(outDir, record);
  return existsSync(join(dir, JSON_FILE)) ? [] : findingFiles(dir, record, command);
}

/**
 * Writes the finding into its folder, over an older one of the same signature: for a smaller schedule, or one that is proved minimal.
 *
 * @throws HeddleError HDL_IO if it cannot be written.
 */
export function writeFinding(dir: string, record: FindingRecord, command?: (scheduleFile: string) => string): void {
  for (const { path, content } of findingFiles(dir, record, command)) writeFileAtomic(path, content);
}

function findingFiles(dir: string, record: FindingRecord, command?: (scheduleFile: string) => string): NewFile[] {
  const file = join(dir, SCHEDULE_FILE);
  const schedule = formatSchedule(record.schedule);
  const stored: v.InferInput<typeof StoredFinding> = {
    schema: SCHEMA,
    ...record,
    identity: [...record.identity],
    schedule,
    earlier: (record.earlier ?? []).map(formatSchedule),
  };
  return [
    { path: file, content: schedule },
    { path: join(dir, REPORT_FILE), content: command ? withCommand(record.report, command(file)) : record.report },
    { path: join(dir, JSON_FILE), content: `${JSON.stringify(stored, null, 2)}\n` },
  ];
}

/** All complete findings of a campaign, sorted by folder name. What cannot be read is told to `refuse` and left where it is. */
export function loadFindings(outDir: string, refuse: (file: string, reason: string) => void): FindingRecord[] {
  const dir = findingsDir(outDir);
  if (!existsSync(dir)) return [];
  const records: FindingRecord[] = [];
  for (const name of readdirSync(dir).sort()) {
    const file = join(dir, name, JSON_FILE);
    if (!existsSync(file)) continue;
    try {
      records.push(loadFinding(file));
    } catch (error) {
      refuse(file, (error as Error).message);
    }
  }
  return records;
}

/** @throws HeddleError HDL_IO, HDL_FORMAT_VERSION or HDL_CONFIG naming the file and what is wrong with it. */
export function loadFinding(file: string): FindingRecord {
  const json = parseJson(file);
  const schema = v.safeParse(v.object({ schema: v.string() }), json);
  if (schema.success && !schema.output.schema.startsWith('heddle.finding/')) {
    throw new HeddleError('HDL_USAGE', `${file} is no finding: it has the format “${schema.output.schema}”`, {
      hint: schema.output.schema.startsWith('heddle.quarantine/')
        ? 'It holds what a worker was running, in the numbers of one build of the model: for whoever looks into why it was lost.'
        : 'Name the folder of a finding, its finding.json, or a schedule.',
    });
  }
  if (schema.success && schema.output.schema !== SCHEMA) {
    throw new HeddleError(
      'HDL_FORMAT_VERSION',
      `${file} has the format “${schema.output.schema}”; this Heddle reads ${SCHEMA}`,
      {
        hint: 'Use the Heddle that wrote it, or a newer one.',
      },
    );
  }
  const result = v.safeParse(StoredFinding, json);
  if (!result.success) {
    throw new HeddleError('HDL_CONFIG', `${file} is no finding: ${issueText(result.issues[0])}`, {
      hint: `The schedule beside it, ${SCHEDULE_FILE}, can still be replayed.`,
    });
  }
  const { schema: _schema, schedule, earlier, minimality, foundBy, maxSteps, ...record } = result.output;
  return {
    ...record,
    ...(foundBy === undefined ? {} : { foundBy }),
    ...(maxSteps === undefined ? {} : { maxSteps }),
    ...(minimality ? { minimality } : {}),
    schedule: parseSchedule(schedule, `${file}, schedule`),
    ...(earlier.length > 0 ? { earlier: earlier.map((text) => parseSchedule(text, `${file}, earlier`)) } : {}),
  };
}

/**
 * The schedule of a finding's folder, of its `finding.json`, or of a schedule file.
 *
 * @throws HeddleError HDL_USAGE if the path is neither, else what the file's format asks for.
 */
export function loadFindingSchedule(path: string): Schedule {
  if (!existsSync(path)) {
    throw new HeddleError('HDL_USAGE', `${path} does not exist`, {
      hint: 'Name a schedule file, or the folder of a finding.',
    });
  }
  if (!statSync(path).isDirectory())
    return path.endsWith('.json') ? loadFinding(path).schedule : parseSchedule(readText(path), path);
  const file = join(path, SCHEDULE_FILE);
  if (existsSync(file)) {
    refuseSpecial(file);
    return parseSchedule(readText(file), file);
  }
  if (existsSync(join(path, JSON_FILE))) return loadFinding(join(path, JSON_FILE)).schedule;
  throw new HeddleError(
    'HDL_USAGE',
    `${path} is not the folder of a finding: it has neither ${SCHEDULE_FILE} nor ${JSON_FILE}`,
    {
      hint: 'Findings are in the folders below “findings” in a campaign’s folder.',
    },
  );
}

function parseJson(file: string): unknown {
  refuseSpecial(file);
  const text = readText(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HeddleError('HDL_CONFIG', `${file} is not JSON: ${(cause as Error).message}`, {
      hint: `The schedule beside it, ${SCHEDULE_FILE}, can still be replayed.`,
      cause,
    });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new HeddleError('HDL_IO', `cannot read ${file}: ${(cause as Error).message}`, {
      hint: 'Check its permissions.',
      cause,
    });
  }
}

function issueText(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path}: ${issue.message}`;
}
