/** `heddle corpus …`: what campaigns keep, as people handle it. Entries are run in workers; nothing that a file says of itself is believed. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readEntryFile, scheduleId } from '../corpus/read-entry.js';
import { isPack, readPack, writePack } from '../corpus/pack.js';
import { cover, union } from '../corpus/select.js';
import { type CorpusStore, numbersFor, type StoredEntry } from '../corpus/store.js';
import { EXIT, HeddleError } from '../errors.js';
import { writeFileAtomic } from '../corpus/atomic.js';
import { admitForeign, type ForeignEntry, type Recipient } from '../campaign/foreign.js';
import { FolderLock } from '../campaign/lock.js';
import { formatSchedule } from '../schedule/text.js';
import type { Discovery } from '../worker/protocol.js';
import { formatCount } from '../ui/format.js';
import { type CorpusFlags, type CorpusWorkers, corpusAt, openWorkers } from './corpus-context.js';
import type { Terminal } from './terminal.js';

/** Refusals that are told one by one; the rest are counted. */
const REFUSALS_TOLD = 20;

type Candidate = Pick<StoredEntry, 'schedule' | 'sidecar'> & { readonly origin: string };
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
  const { good, refusals } = readAll(store);
  const { ran, others } = await using(folder, header, flags, async (workers) => {
    const { own, others } = divide(workers, good);
    return { ran: await run(workers, own, refusals), others: others.length };
  });
  const bent = ran.filter(({ dropped }) => dropped > 0);
  for (const { origin, dropped } of bent) refusals.push({ file: origin, reason: `${dropped} decisions do not apply` });
  report('check', { entries: ran.length - bent.length, others, refused: refusals }, flags, terminal);
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
    const own = await run(workers, divide(workers, readAll(store).good).own, []);
    const seen = new Set(own.flatMap(({ features }) => features));
    const before = seen.size;
    const there = new Set(own.map(({ origin }) => idOf(origin)));
    const recipient: Recipient = {
      inspector: workers.inspector,
      has: (id) => there.has(id),
      admit: (discovery) => {
        if (discovery.features.every((feature) => seen.has(feature))) return false;
        for (const feature of discovery.features) seen.add(feature);
        keep(store, discovery, 'import', workers);
        return true;
      },
    };
    const entries = sources.flatMap(foreignEntries).sort(byId);
    const verdicts = await admitForeign(recipient, entries, flags.jobs);
    for (const { origin, reason } of verdicts) if (reason !== null) refusals.push({ file: origin, reason });
    const added = verdicts.filter(({ outcome }) => outcome === 'admitted').length;
    return { candidates: entries.length, added, features: seen.size, before };
  });
  report('import', { ...result, refused: refusals }, flags, terminal);
}

/** Keeps a set with the same features of which no entry can be left out; the rest is removed. Each entry is executed at most twice. */
export async function minimizeCorpus(folder: string, flags: CorpusFlags, terminal: Terminal): Promise<void> {
  const { store, header } = corpusAt(folder);
  await locked(folder, async () => {
    const { good, refusals } = readAll(store);
    const { own, others, measured } = await using(folder, header, flags, async (workers) => {
      const divided = divide(workers, good);
      return { ...divided, measured: await workers.measure(divided.own.map((one) => one.schedule)) };
    });
    const ran = own.flatMap(({ origin, schedule }, i) => {
      const { reason, features = [] } = measured[i] ?? {};
      if (reason !== null) refusals.push({ file: origin, reason: reason ?? 'it was not run' });
      const size = schedule.deviations.length + schedule.choices.length;
      return reason === null ? [{ id: idOf(origin), features, size }] : [];
    });
    const kept = new Set(cover(ran).map(({ id }) => id));
    for (const { id } of ran) if (!kept.has(id)) store.remove(id);
    const features = new Set(ran.flatMap((one) => one.features)).size;
    const executions = measured.reduce((sum, one) => sum + one.executions, 0);
    const executionsMax = measured.reduce((most, one) => Math.max(most, one.executions), 0);
    const counts = { before: ran.length, kept: kept.size, others: others.length, features, executions, executionsMax };
    report('minimize', { ...counts, refused: refusals }, flags, terminal);
  });
}

/** To the model as it is now: keeps what still adds features, in the form in which it runs now, and tells what was lost. */
export async function migrate(folder: string, flags: CorpusFlags, terminal: Terminal): Promise<void> {
  const { store, header } = corpusAt(folder);
  await locked(folder, async () => {
    const { good, refusals } = readAll(store);
    const result = await using(folder, header, flags, async (workers) => {
      const { own, others } = divide(workers, good);
      const unrun = new Set<string>();
      const ran = await run(workers, own, refusals, unrun);
      const kept = union(unique(ran), new Set());
      for (const { discovery } of kept) keep(store, discovery, 'migrate', workers);
      const ids = new Set(kept.map(({ id }) => id));
      for (const { origin } of own) if (!ids.has(idOf(origin)) && !unrun.has(origin)) store.remove(idOf(origin));
      if (header) {
        const { hash } = workers.artefact.manifest;
        const file = join(folder, 'campaign.json');
        writeFileAtomic(file, `${JSON.stringify({ ...readJson(file), modelHash: hash }, null, 2)}\n`);
      }
      const bent = ran.filter(({ dropped }) => dropped > 0).length;
      return {
        before: own.length,
        kept: kept.length,
        others: others.length,
        lost: own.length - ran.length - unrun.size,
        nothingNew: ran.length - kept.length,
        bent,
      };
    });
    report('migrate', { ...result, refused: refusals }, flags, terminal);
  });
}

// ---- parts ----
function readAll(store: CorpusStore): { good: Candidate[]; refusals: Refusal[] } {
  const refusals: Refusal[] = [];
  const entries = store.load((file, reason) => refusals.push({ file, reason }));
  return { good: entries.map(({ path, schedule, sidecar }) => ({ origin: path, schedule, sidecar })), refusals };
}

/** What is of the workers' model, design and options, and the rest, which stays as it is. */
function divide(workers: CorpusWorkers, all: readonly Candidate[]): { own: Candidate[]; others: Candidate[] } {
  const own: Candidate[] = [];
  const others: Candidate[] = [];
  for (const one of all) (workers.belongs(one.schedule) ? own : others).push(one);
  return { own, others };
}

/** A corpus in one file, a schedule, or every `.sched` below a folder. Links to folders are not followed: they may lead back. */
function foreignEntries(source: string): ForeignEntry[] {
  if (!existsSync(source)) throw new HeddleError('HDL_USAGE', `${source} does not exist`);
  const read = (origin: string): ForeignEntry => ({ origin, file: readEntryFile(origin, false) });
  const stat = statSync(source);
  if (!stat.isDirectory()) return isPack(source) && stat.isFile() ? [...readPack(source)] : [read(source)];
  const below = readdirSync(source, { recursive: true, withFileTypes: true });
  const files = below.filter((entry) => entry.name.endsWith('.sched') && !entry.isDirectory());
  return files.map(({ parentPath, name }) => read(join(parentPath, name)));
}

/** One order, whatever order the sources come in; what cannot be read is last. */
function byId(a: ForeignEntry, b: ForeignEntry): number {
  const [left, right] = [a.file.id ?? `~${a.origin}`, b.file.id ?? `~${b.origin}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `unrun`: gets those that a lost worker had, which says nothing about them. */
async function run(
  workers: CorpusWorkers,
  candidates: readonly Candidate[],
  refusals: Refusal[],
  unrun = new Set<string>(),
): Promise<Ran[]> {
  const { hash } = workers.artefact.manifest;
  const inspected = await workers.inspect(
    candidates.map((one) => ({ schedule: one.schedule, numbers: numbersFor(hash, one) })),
  );
  return candidates.flatMap(({ origin }, i) => {
    const one = inspected[i];
    const { discovery } = one ?? {};
    if (!discovery) {
      if (!one) unrun.add(origin);
      refusals.push({ file: origin, reason: one?.reason ?? 'it was not run' });
      return [];
    }
    const { portable, features } = discovery;
    return [{ id: scheduleId(portable), origin, features, discovery, dropped: one?.dropped ?? 0 }];
  });
}

/** By the name of its file in a corpus. */
const idOf = (path: string): string => basename(path, '.sched');

const unique = (entries: readonly Ran[]): Ran[] => [...new Map(entries.map((entry) => [entry.id, entry])).values()];

function keep(store: CorpusStore, discovery: Discovery, origin: string, { artefact }: CorpusWorkers): void {
  const { portable, features, hash, numbers } = discovery;
  const model = artefact.manifest.hash;
  const state = hash.toString(16);
  store.add(portable, { parent: '', origin, model, features: [...features], state, numbers: [...numbers] });
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
