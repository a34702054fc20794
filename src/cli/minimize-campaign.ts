/** `heddle minimize <campaign>`: each finding to the optimum, several at a time; the folders get the smaller schedules and what is proved. */
import { availableParallelism } from 'node:os';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { compiledFile } from '../compiled-file.js';
import { buildModel } from '../build/index.js';
import { findModel } from './model-path.js';
import { EXIT, HeddleError } from '../errors.js';
import { minimalityText } from '../explain/report.js';
import type { FindingRecord } from '../findings/finding.js';
import { findingDir, findingId, loadFindings, writeFinding } from '../findings/store.js';
import type { Minimized, MinimizeSetup } from '../worker/minimize.js';
import { plural } from '../ui/format.js';
import { invocation } from './about.js';
import { shellWord } from '../ui/shell-word.js';
import type { MinimizeFlags } from './minimize.js';
import { modelOf } from './schedule-input.js';
import type { Terminal } from './terminal.js';

/** Answers the exit code: that of the worst that a finding met. */
export async function minimizeCampaign(
  outDir: string,
  modelFlag: string | undefined,
  flags: MinimizeFlags,
  terminal: Terminal,
): Promise<number> {
  refuseFlags(outDir, flags);
  const refuse = (file: string, reason: string): void =>
    terminal.log(`${terminal.err.yellow('warning:')} ${file} is left out: ${reason}`);
  const records = loadFindings(outDir, refuse);
  if (records.length === 0) {
    terminal.log(`${outDir} has no findings`);
    return EXIT.ok;
  }
  const argument = modelFlag ?? (await modelOf(outDir, records[0]?.schedule.model ?? '', 'campaign'));
  const { path } = await findModel(argument);
  const setup: MinimizeSetup = {
    model: { fast: await buildModel(path), exact: await buildModel(path, { flavour: 'exact' }) },
    options: {
      keepEvents: flags.keepEvents ?? false,
      ...(flags.transitions === undefined ? {} : { transitions: flags.transitions }),
    },
  };
  const jobs = Math.min(records.length, flags.jobs ?? availableParallelism());
  const pool = new Piscina({
    filename: compiledFile('worker/minimize.js'),
    workerData: setup,
    minThreads: jobs,
    maxThreads: jobs,
  });
  const commandOf = (file: string): string => `${invocation()} replay ${shellWord(file)}`;
  try {
    const outcomes = await Promise.all(records.map((record) => one(pool, outDir, record, commandOf)));
    for (const { line } of outcomes) terminal.print(line);
    const failed = outcomes.flatMap(({ code }) => (code === EXIT.ok ? [] : [code]));
    const done = records.length - failed.length;
    const all = plural(records.length, 'finding');
    terminal.log(failed.length === 0 ? `${all} minimized` : `${done} of ${all} minimized`);
    return WORST.find((code) => failed.includes(code)) ?? EXIT.ok;
  } finally {
    await pool.destroy();
  }
}

interface Outcome {
  readonly line: string;
  /** What a command on this finding alone would exit with. */
  readonly code: number;
}

const WORST: readonly number[] = [EXIT.internal, EXIT.incompatible, EXIT.usage, EXIT.notReproduced];

/** A schedule of another signature gets a folder of its own: none is ever lost. */
async function one(
  pool: Piscina,
  outDir: string,
  old: FindingRecord,
  commandOf: (file: string) => string,
): Promise<Outcome> {
  const id = findingId(old);
  try {
    const minimized = (await pool.run(old)) as Minimized;
    if ('code' in minimized) throw new HeddleError(minimized.code, minimized.message);
    const { record } = minimized;
    const isSame = findingId(record) === id;
    const dir = findingDir(outDir, record);
    if (isSame || !existsSync(join(dir, 'finding.json'))) writeFinding(dir, record, commandOf);
    const before = `${old.schedule.events.length}/${old.preemptions}`;
    const after = `${record.schedule.events.length}/${record.preemptions}`;
    const line = `${id}  ${before} → ${after} events/preemptions; ${minimalityText(record)}${isSame ? '' : `; as ${findingId(record)}`}`;
    return { line, code: EXIT.ok };
  } catch (error) {
    const code = error instanceof HeddleError ? error.exitCode : EXIT.internal;
    return { line: `${id}  not minimized: ${(error as Error).message}`, code };
  }
}

/** What belongs to one schedule means nothing for a folder of them. */
function refuseFlags(outDir: string, { out, design, scene, option }: MinimizeFlags): void {
  if (out === undefined && design === undefined && scene === undefined && option === undefined) return;
  throw new HeddleError(
    'HDL_USAGE',
    `${outDir} is a campaign: --out, --design, --scene and --option are for one schedule`,
    {
      hint: `name one finding: heddle minimize ${outDir}/findings/…`,
    },
  );
}
