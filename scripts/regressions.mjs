// Keeps corpus/<model>/ up to date: schedules that show the models' known bugs, and schedules that must pass. docs/corpus.md.
//
//   node scripts/regressions.mjs                  fuzz, add what is new, replace what does not hold any more
//   node scripts/regressions.mjs --only a,b       the same, but fuzz in these scenes only
//   node scripts/regressions.mjs --check          replay only; exits 1 if a committed schedule does not hold
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** An unknown word must not start an hour of campaigns. */
function flags() {
  try {
    return parseArgs({ options: { check: { type: 'boolean' }, only: { type: 'string' } } }).values;
  } catch (error) {
    console.error(`scripts/regressions.mjs: ${error.message.split('. ')[0]}; there are --check and --only SCENE,…`);
    process.exit(2);
  }
}

const { check: CHECK = false, only } = flags();
const ONLY = only?.split(',') ?? null;
const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const CORPUS = path.join(ROOT, 'corpus');
const MAIN = path.join(ROOT, 'dist/cli/main.js');
if (!existsSync(MAIN)) {
  console.error('dist/ is missing; run npm run build first');
  process.exit(2);
}
const { buildModel, resolveModel } = await import('../dist/build/index.js');
const { writeFileAtomic } = await import('../dist/corpus/atomic.js');
const { CorpusStore, scheduleId } = await import('../dist/corpus/store.js');
const { Executor } = await import('../dist/executor/executor.js');
const { isCostly } = await import('../dist/executor/oracles.js');
const { fromPortable, toPortable } = await import('../dist/executor/portable.js');
const { analyseFinding } = await import('../dist/findings/analyse.js');
const { bucketOf } = await import('../dist/findings/place.js');
const { loadFindings } = await import('../dist/findings/store.js');
const { formatSchedule, parseSchedule } = await import('../dist/schedule/text.js');

/**
 * Designs of the IOMMU model that are fuzzed in a scene for one schedule a symptom, with the option that the scene needs, or for what only these
 * oracles tell.
 */
const SYMPTOM_CAMPAIGNS = [
  { scene: 'walk-client', designs: ['v6.1', 'v6.6', 'v6.7', 'v6.15'] },
  { scene: 'walk-client-two-ids', designs: ['v6.1', 'v6.6'] },
  { scene: 'walk-walk', designs: ['v6.15'] },
  { scene: 'aliases-bind', designs: ['v6.1', 'v6.6', 'v6.7', 'decoupled', 'xlate-helper', 'ask-every-driver'] },
  { scene: 'two-specifiers-first', designs: ['v6.1', 'v6.6', 'v6.7', 'decoupled'] },
  { scene: 'two-specifiers-first', option: 'profile=3', designs: ['v6.1', 'v6.6', 'v6.7', 'decoupled', 'v6.15'] },
  { scene: 'two-specifiers-second', option: 'profile=3', designs: ['v6.1', 'v6.6', 'decoupled'] },
  {
    scene: 'remove-register',
    option: 'profile=6',
    designs: ['v6.1', 'v6.6', 'v6.7', 'decoupled', 'xlate-helper', 'ask-every-driver', 'v6.15'],
  },
  { scene: 'remove-bind', designs: ['v6.1'] },
  { scene: 'open-coded-host1x', designs: ['v6.15'] },
  { scene: 'open-coded-after', designs: ['v6.7', 'decoupled', 'xlate-helper', 'ask-every-driver'] },
  { scene: 'unregister-bind', designs: ['xlate-helper', 'ask-every-driver'] },
  {
    scene: 'remove-register-waiting',
    designs: ['v6.1', 'v6.6', 'v6.7', 'decoupled', 'xlate-helper', 'ask-every-driver'],
  },
  { scene: 'remove-register', designs: ['v6.6', 'v6.7', 'decoupled', 'xlate-helper'] },
  { scene: 'remove-unregister', designs: ['v6.15'] },
  {
    scene: 'rebind-unregister',
    designs: ['v6.1', 'v6.6', 'v6.7', 'decoupled', 'xlate-helper', 'ask-every-driver', 'v6.15'],
  },
  { scene: 'two-drivers-bind', designs: ['v6.7', 'decoupled'] },
  { scene: 'two-specifiers-first', option: 'firmware=1', designs: ['v6.15'] },
  { scene: 'faults-walk-client', option: 'profile=3', designs: ['decoupled', 'v6.15'] },
  { scene: 'faults-two-specifiers', option: 'profile=3', designs: ['decoupled', 'v6.15'] },
  { scene: 'walk-client', oracles: 'lockset', designs: ['v6.1', 'v6.6'] },
  {
    scene: 'remove-bind-registered',
    oracles: 'lockset',
    designs: ['v6.7', 'decoupled', 'xlate-helper', 'ask-every-driver', 'v6.15'],
  },
];

/**
 * What is fuzzed. A row with `seeds` gives passing schedules, too: so many at most, those that cover most. A row with `bySymptom` gives one
 * schedule for each symptom that its design has none of yet, the one with the fewest preemptions.
 */
const CAMPAIGNS = [
  { model: 'bank', design: 'racy', executions: 20_000 },
  { model: 'bank', design: 'locked', executions: 20_000, seeds: 4 },
  { model: 'abba', design: 'abba', executions: 20_000 },
  { model: 'abba', design: 'ordered', executions: 20_000, seeds: 4 },
  { model: 'double-checked', design: 'broken', executions: 20_000 },
  { model: 'double-checked', design: 'fixed', executions: 20_000, seeds: 4 },
  { model: 'iommu', design: 'v6.6', scene: 'walk-client', executions: 2_000_000 },
  { model: 'iommu', design: 'v6.6', scene: 'walk-client', option: 'give-up=1', executions: 500_000 },
  { model: 'iommu', design: 'v6.7', scene: 'walk-client', executions: 500_000, seeds: 8 },
  { model: 'iommu', design: 'v6.7', scene: 'walk-client', option: 'give-up=1', executions: 500_000 },
  { model: 'iommu', design: 'v6.7', scene: 'walk-client', option: 'kdump=1', executions: 500_000 },
  { model: 'iommu', design: 'v6.15', scene: 'walk-client', executions: 500_000 },
  ...SYMPTOM_CAMPAIGNS.flatMap(({ designs, ...where }) =>
    designs.map((design) => ({ model: 'iommu', design, ...where, executions: 20_000, bySymptom: true })),
  ),
];

/** A bug of this design is run in that one, where it must be gone. */
const TWINS = [
  { model: 'bank', from: 'racy', to: 'locked' },
  { model: 'abba', from: 'abba', to: 'ordered' },
  { model: 'double-checked', from: 'broken', to: 'fixed' },
  { model: 'iommu', from: 'v6.6', to: 'v6.7' },
  { model: 'iommu', from: 'v6.6', to: 'decoupled' },
];

const unknown = ONLY?.filter((scene) => !CAMPAIGNS.some((row) => row.scene === scene)) ?? [];
if (unknown.length > 0) {
  const scenes = [...new Set(CAMPAIGNS.flatMap(({ scene }) => scene ?? []))];
  console.error(`scripts/regressions.mjs: no campaign in ${unknown.join(', ')}; there are ${scenes.join(', ')}`);
  process.exit(2);
}

const artefacts = new Map();

async function artefactOf(model) {
  if (!artefacts.has(model)) artefacts.set(model, await buildModel((await resolveModel(model)).path));
  return artefacts.get(model);
}

async function executorFor({ model, design, scene, options }, build = 'release') {
  return Executor.create({ artefact: await artefactOf(model), configuration: { design, scene, options }, build });
}

/** The build that tells of these findings. */
const buildFor = (findings) => (findings.some(({ kind }) => isCostly(kind)) ? 'oracles' : 'release');

const nameOf = ({ kind, signature, symptom }) => `${kind}-${signature} ${symptom}`;

/** What the run of a portable schedule shows now. */
async function verdictOf(schedule, build) {
  const executor = await executorFor(schedule, build);
  const { hot, dropped } = fromPortable(executor, schedule);
  const buckets = executor.run(hot).findings.map((raw) => bucketOf(raw, executor.manifest));
  const records = buckets.map((bucket) => analyseFinding(executor, hot, bucket));
  return { dropped: dropped.length, found: records.map(nameOf) };
}

async function holds({ schedule, sidecar }) {
  const { dropped, found } = await verdictOf(schedule, buildFor(sidecar.findings));
  if (dropped > 0) return false;
  if (sidecar.verdict === 'passes') return found.length === 0;
  return sidecar.findings.every((finding) => found.includes(nameOf(finding)));
}

/** The committed schedules by id. */
function committed() {
  const entries = new Map();
  if (!existsSync(CORPUS)) return entries;
  for (const model of readdirSync(CORPUS).sort()) {
    for (const file of readdirSync(path.join(CORPUS, model)).sort()) {
      if (!file.endsWith('.sched')) continue;
      const base = path.join(CORPUS, model, file.slice(0, -6));
      const schedule = parseSchedule(readFileSync(`${base}.sched`, 'utf8'), `${base}.sched`);
      entries.set(path.basename(base), { base, schedule, sidecar: JSON.parse(readFileSync(`${base}.json`, 'utf8')) });
    }
  }
  return entries;
}

/** Runs one campaign; answers its findings and its corpus. */
function fuzz({ model, design, scene, option, oracles, executions }) {
  const out = mkdtempSync(path.join(tmpdir(), 'heddle-regressions-'));
  try {
    const args = ['fuzz', model, '--design', design, '--deterministic', '--max-execs', `${executions}`, '--seed', '1'];
    if (scene) args.push('--scene', scene);
    if (option) args.push('--option', option);
    if (oracles) args.push('--oracles', oracles);
    const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args, '-o', out, '-q', '--exit-zero'], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (status !== 0) throw new Error(`heddle ${args.join(' ')} exits ${status}: ${stderr}`);
    const refuse = (file, reason) => {
      throw new Error(`${file}: ${reason}`);
    };
    return { records: loadFindings(out, refuse), entries: new CorpusStore(path.join(out, 'corpus')).load(refuse) };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Entries that pass, the one with most new features first, until `count` or nothing is new. */
async function pickSeeds(entries, count) {
  const passing = [];
  for (const entry of entries) {
    if (entry.sidecar && (await verdictOf(entry.schedule)).found.length === 0) passing.push(entry);
  }
  const seen = new Set();
  const picked = [];
  const gain = ({ sidecar }) => sidecar.features.filter((feature) => !seen.has(feature)).length;
  while (picked.length < count) {
    const best = passing.reduce((a, b) => (a && gain(a) >= gain(b) ? a : b), undefined);
    if (!best || gain(best) === 0) break;
    for (const feature of best.sidecar.features) seen.add(feature);
    picked.push(best);
  }
  return picked;
}

/** The schedule's decisions in another design, as far as they apply; null if something fails there. */
async function inDesign(schedule, design) {
  const executor = await executorFor({ ...schedule, design });
  const { hot } = fromPortable(executor, schedule);
  const twin = toPortable(executor, hot, schedule.model);
  const { dropped, found } = await verdictOf(twin);
  return dropped === 0 && found.length === 0 ? twin : null;
}

/** Collects schedules; one that shows several findings is one entry. */
class Collection {
  entries = new Map();

  add(schedule, finding, note) {
    const id = scheduleId(schedule);
    const entry = this.entries.get(id) ?? { schedule, findings: [], note };
    if (finding && !entry.findings.some((one) => nameOf(one) === nameOf(finding))) entry.findings.push(finding);
    this.entries.set(id, entry);
  }

  /** Whether some entry shows the symptom in the design. */
  shows(design, symptom) {
    return [...this.entries.values()].some(
      ({ schedule, findings }) => schedule.design === design && findings.some((finding) => finding.symptom === symptom),
    );
  }
}

/** Of each symptom that the design has no schedule of yet, the finding with the fewest preemptions. */
function pickBySymptom(records, design, collection) {
  const picked = new Map();
  for (const record of records) {
    if (collection.shows(design, record.symptom)) continue;
    const best = picked.get(record.symptom);
    if (!best || record.preemptions < best.preemptions) picked.set(record.symptom, record);
  }
  return [...picked.values()];
}

/** `kept`: committed entries that hold. */
async function collect(kept) {
  const collection = new Collection();
  for (const { schedule, sidecar } of kept) {
    for (const finding of sidecar.findings) collection.add(schedule, finding, sidecar.note);
  }
  for (const row of CAMPAIGNS.filter(({ scene }) => ONLY === null || ONLY.includes(scene))) {
    const { records: all, entries } = fuzz(row);
    const records = row.bySymptom ? pickBySymptom(all, row.design, collection) : all;
    for (const { schedule, kind, signature, symptom, title } of records) {
      collection.add(schedule, { kind, signature, symptom, title }, '');
    }
    const seeds = row.seeds ? await pickSeeds(entries, row.seeds) : [];
    for (const { schedule } of seeds) collection.add(schedule, null, 'seed');
    const where = [row.model, row.design, row.scene, row.option, row.oracles]
      .filter((word) => word !== undefined)
      .join(' ');
    console.log(`${where}: ${records.length} findings, ${seeds.length} seeds`);
  }
  for (const { model, from, to } of TWINS) {
    const failing = [...collection.entries.values()].filter(
      ({ schedule, findings }) => schedule.model === model && schedule.design === from && findings.length > 0,
    );
    for (const { schedule, findings } of failing) {
      const twin = await inDesign(schedule, to);
      if (twin) collection.add(twin, null, `${from} fails here: ${findings[0].kind}-${findings[0].signature}`);
    }
  }
  return collection.entries;
}

/** What an entry is there for; one that holds makes another one for the same needless, whatever campaigns find by now. */
function purposes({ schedule: { model, design, scene, options }, findings, note }) {
  const names = findings.length > 0 ? findings.map(({ kind, signature }) => `${kind}-${signature}`) : [note];
  return names.map((name) => JSON.stringify([model, design, scene, options, name]));
}

async function update() {
  const kept = new Set();
  const holding = [];
  let removed = 0;
  for (const entry of committed().values()) {
    if (await holds(entry)) {
      for (const purpose of purposes({ ...entry.sidecar, schedule: entry.schedule })) kept.add(purpose);
      holding.push(entry);
      continue;
    }
    rmSync(`${entry.base}.sched`);
    rmSync(`${entry.base}.json`);
    console.log(`${entry.base}: does not hold any more, removed`);
    removed++;
  }
  let added = 0;
  for (const [id, { schedule, findings, note }] of await collect(holding)) {
    const base = path.join(CORPUS, schedule.model, id);
    if (purposes({ schedule, findings, note }).every((purpose) => kept.has(purpose))) continue;
    const verdict = findings.length > 0 ? 'fails' : 'passes';
    const sidecar = { schema: 'heddle.regression/1', verdict, findings, note };
    writeFileAtomic(`${base}.json`, `${JSON.stringify(sidecar, null, 2)}\n`);
    writeFileAtomic(`${base}.sched`, formatSchedule(schedule));
    added++;
  }
  console.log(`${added} added, ${removed} removed, ${committed().size} in all`);
}

async function check() {
  let bad = 0;
  for (const entry of committed().values()) {
    if (await holds(entry)) continue;
    const { dropped, found } = await verdictOf(entry.schedule, buildFor(entry.sidecar.findings));
    console.log(`${entry.base}.sched: shows ${found.join(', ') || 'nothing'}; ${dropped} decisions dropped`);
    bad++;
  }
  console.log(`${bad} of ${committed().size} do not hold`);
  if (bad > 0) process.exitCode = 1;
}

await (CHECK ? check() : update());
