/** `heddle corpus …`: what campaigns keep, as people handle it. Entries are run in workers; nothing that a file says of itself is believed. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type EntryFile, readEntryFile, scheduleId } from '../corpus/read-entry.js';
import { isPack, readPack, writePack } from '../corpus/pack.js';
import { cover, union } from '../corpus/select.js';
import type { CorpusStore } from '../corpus/store.js';
import { EXIT, HeddleError } from '../errors.js';
import { writeFileAtomic } from '../corpus/atomic.js';
import { FolderLock } from '../campaign/lock.js';
import type { Schedule } from '../schedule/schedule.js';
import { formatSchedule } from '../schedule/text.js';
import type { Discovery } from '../worker/protocol.js';
import { formatCount } from '../ui/format.js';
import { type CorpusFlags, type CorpusWorkers, corpusAt, openWorkers } from './corpus-context.js';
import type { Terminal } from './terminal.js';

/** Refusals that are told one by one; the rest are counted. */
const REFUSALS_TOLD = 20;

interface Candidate {
  readonly origin: string;
  readonly schedule: Schedule;
}
interface Ran {
  readonly id: string;
  readonly origin: string;
  readonly features: readonly number[];
  readonly discovery: Discovery;
  readonly dropped: number;
}
interface Refusal {
  readonly file: string;
  readonly reason: string;
}

export function list(folder: string, flags: CorpusFlags, terminal: Terminal): void {
  const { store } = corpusAt(folder);
  const refusals: Refusal[] = [];
  const entries = store.load((file, reason) => refusals.push({ file, reason }));
  const rows = entries.map(({ id, schedule, sidecar }) => ({
    id,
    design: schedule.design,
    scene: schedule.scene,
    decisions: schedule.deviations.length + schedule.choices.length,
    features: sidecar?.features.length ?? null,
    origin: sidecar?.origin ?? '',
    parent: sidecar?.parent ?? '',
  }));
  if (flags.json) terminal.printJson({ schema: 'heddle.corpus-list/1', entries: rows, refused: refusals });
  else {
    for (const { id, design, scene, decisions, features, origin } of rows) {
      terminal.print(`${id}  ${design} ${scene}  ${decisions} decisions  ${features ?? '?'} features  ${origin}`);
    }
    terminal.print(`${formatCount(rows.length)} ${rows.length === 1 ? 'entry' : 'entries'}`);
  }
  tell(refusals, terminal);
}

export function show(folder: string, id: string, terminal: Terminal): void {
  const found = corpusAt(folder)
    .store.load(() => {})
    .filter((entry) => entry.id.startsWith(id));
  if (found.length !== 1 || !found[0]) {
    const hint = 'heddle corpus ls lists them.';
    throw new HeddleError('HDL_USAGE', `${found.length} entries of ${folder} begin with ${id}`, { hint });
  }
  const { schedule, sidecar } = found[0];
  if (sidecar)
    terminal.log(`origin ${sidecar.origin}, parent ${sidecar.parent || 'none'}, ${sidecar.features.length} features`);
  terminal.print(formatSchedule(schedule).trimEnd());
}

/** Exit code 1 if a file is no entry or does not run as it says. */
export async function check(folder: string, flags: CorpusFlags, terminal: Terminal): Promise<number> {
  const { store, header } = corpusAt(folder);
  const { good, refusals } = readAll(store.files(), true);
  const ran = await using(folder, header, flags, (workers) => run(workers, good, refusals));
  const bent = ran.filter(({ dropped }) => dropped > 0);
  for (const { origin, dropped } of bent) refusals.push({ file: origin, reason: `${dropped} decisions do not apply` });
  report('check', { entries: ran.length - bent.length, refused: refusals }, flags, terminal);
  return refusals.length > 0 ? EXIT.internal : EXIT.ok;
}

export function exportCorpus(folder: string, file: string, terminal: Terminal): void {
  const { store, header } = corpusAt(folder);
  const refusals: Refusal[] = [];
  const entries = store.load((path, reason) => refusals.push({ file: path, reason }));
  const texts = entries.map(({ schedule }) => formatSchedule(schedule));
  writePack(file, texts, header?.model ?? entries[0]?.schedule.model ?? '');
  terminal.log(`${formatCount(texts.length)} entries in ${file}`);
  tell(refusals, terminal);
}

/** Into a campaign or a plain corpus: what runs and adds a feature, in the order of ids, whatever order the sources come in. */
export async function importInto(
  folder: string,
  sources: readonly string[],
  flags: CorpusFlags,
  terminal: Terminal,
): Promise<void> {
  const { store, header } = corpusAt(folder);
  const refusals: Refusal[] = [];
  const result = await using(folder, header, flags, async (workers) => {
    const own = readAll(store.files(), true);
    const seen = new Set((await run(workers, own.good, own.refusals)).flatMap(({ features }) => features));
    const before = seen.size;
    const candidates = sources.flatMap((source) => candidatesOf(source, refusals));
    const added = union(unique(await run(workers, candidates, refusals)), seen);
    for (const entry of added) keep(store, entry, 'import', workers);
    return { candidates: candidates.length + refusals.length, added: added.length, features: seen.size, before };
  });
  report('import', { ...result, refused: refusals }, flags, terminal);
}

/** Keeps the smallest set that the greedy cover finds; the rest is removed. */
export async function minimizeCorpus(folder: string, flags: CorpusFlags, terminal: Terminal): Promise<void> {
  const { store, header } = corpusAt(folder);
  await locked(folder, async () => {
    const { good, refusals } = readAll(store.files(), true);
    const ran = await using(folder, header, flags, (workers) => run(workers, good, refusals));
    const kept = new Set(cover(ran.map(sized)).map(({ id }) => id));
    for (const { id } of ran) if (!kept.has(id)) store.remove(id);
    const features = new Set(ran.flatMap((one) => one.features)).size;
    report('minimize', { before: ran.length, kept: kept.size, features, refused: refusals }, flags, terminal);
  });
}

/** To the model as it is now: keeps what still adds features, in the form in which it runs now, and tells what was lost. */
export async function migrate(folder: string, flags: CorpusFlags, terminal: Terminal): Promise<void> {
  const { store, header } = corpusAt(folder);
  await locked(folder, async () => {
    const { good, refusals } = readAll(store.files(), true);
    const result = await using(folder, header, flags, async (workers) => {
      const ran = await run(workers, good, refusals);
      const kept = union(unique(ran), new Set());
      for (const entry of kept) keep(store, entry, 'migrate', workers);
      const ids = new Set(kept.map(({ id }) => id));
      for (const { schedule } of good) if (!ids.has(scheduleId(schedule))) store.remove(scheduleId(schedule));
      if (header) {
        const { hash } = workers.artefact.manifest;
        const file = join(folder, 'campaign.json');
        writeFileAtomic(file, `${JSON.stringify({ ...readJson(file), modelHash: hash }, null, 2)}\n`);
      }
      const bent = ran.filter(({ dropped }) => dropped > 0).length;
      return {
        before: good.length,
        kept: kept.length,
        lost: good.length - ran.length,
        nothingNew: ran.length - kept.length,
        bent,
      };
    });
    report('migrate', { ...result, refused: refusals }, flags, terminal);
  });
}

// ---- parts ----
function readAll(paths: readonly string[], named: boolean): { good: Candidate[]; refusals: Refusal[] } {
  const good: Candidate[] = [];
  const refusals: Refusal[] = [];
  for (const path of paths) sort({ origin: path, file: readEntryFile(path, named) }, good, refusals);
  return { good, refusals };
}

function sort({ origin, file }: { origin: string; file: EntryFile }, good: Candidate[], refusals: Refusal[]): void {
  if (file.schedule) good.push({ origin, schedule: file.schedule });
  else refusals.push({ file: origin, reason: file.reason });
}

/** A corpus in one file, a schedule, or every `.sched` below a folder. */
function candidatesOf(source: string, refusals: Refusal[]): Candidate[] {
  if (!existsSync(source)) throw new HeddleError('HDL_USAGE', `${source} does not exist`);
  const good: Candidate[] = [];
  if (statSync(source).isDirectory()) {
    const below = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sched'));
    for (const name of below.sort()) {
      const origin = join(source, name);
      sort({ origin, file: readEntryFile(origin, false) }, good, refusals);
    }
  } else if (isPack(source)) {
    for (const one of readPack(source)) sort(one, good, refusals);
  } else sort({ origin: source, file: readEntryFile(source, false) }, good, refusals);
  return good;
}

async function run(workers: CorpusWorkers, candidates: readonly Candidate[], refusals: Refusal[]): Promise<Ran[]> {
  const inspected = await workers.inspect(candidates.map(({ schedule }) => schedule));
  return candidates.flatMap(({ origin }, i) => {
    const one = inspected[i];
    const { discovery } = one ?? {};
    if (!discovery) {
      refusals.push({ file: origin, reason: one?.reason ?? 'it was not run' });
      return [];
    }
    const { portable, features } = discovery;
    return [{ id: scheduleId(portable), origin, features, discovery, dropped: one?.dropped ?? 0 }];
  });
}

const unique = (entries: readonly Ran[]): Ran[] => [...new Map(entries.map((entry) => [entry.id, entry])).values()];

const sized = ({ discovery, features, origin }: Ran): { id: string; features: readonly number[]; size: number } => ({
  // The name of its file: what ran may have another id.
  id: origin.slice(-22, -6),
  features,
  size: discovery.portable.deviations.length + discovery.portable.choices.length,
});

function keep(store: CorpusStore, { discovery }: Ran, origin: string, { artefact }: CorpusWorkers): void {
  const { portable, features, hash } = discovery;
  const model = artefact.manifest.hash;
  store.add(portable, { parent: '', origin, model, features: [...features], state: hash.toString(16) });
}

async function using<T>(
  folder: string,
  header: Parameters<typeof openWorkers>[1],
  flags: CorpusFlags,
  work: (workers: CorpusWorkers) => Promise<T>,
): Promise<T> {
  const workers = await openWorkers(folder, header, flags);
  try {
    return await work(workers);
  } finally {
    await workers.close();
  }
}

/** What removes entries has the folder for itself. */
async function locked(folder: string, work: () => Promise<void>): Promise<void> {
  const lock = FolderLock.take(folder);
  try {
    await work();
  } finally {
    lock.release();
  }
}

const readJson = (file: string): object => JSON.parse(readFileSync(file, 'utf8')) as object;

function report(
  command: string,
  { refused, ...counts }: { refused: readonly Refusal[] } & Readonly<Record<string, unknown>>,
  flags: CorpusFlags,
  terminal: Terminal,
): void {
  if (flags.json) {
    terminal.printJson({ schema: `heddle.corpus-${command}/1`, ...counts, refused });
    return;
  }
  const parts = Object.entries(counts).map(([name, value]) => `${name} ${formatCount(Number(value))}`);
  terminal.print(`${command}: ${parts.join(', ')}, refused ${formatCount(refused.length)}`);
  tell(refused, terminal);
}

function tell(refused: readonly Refusal[], terminal: Terminal): void {
  for (const { file, reason } of refused.slice(0, REFUSALS_TOLD)) terminal.log(`refused: ${file}: ${reason}`);
  if (refused.length > REFUSALS_TOLD)
    terminal.log(`… and ${formatCount(refused.length - REFUSALS_TOLD)} more (--json lists them)`);
}
