// Runs the experiments of docs/iommu.md: one `heddle compare` each, whose document is kept, so that only what has changed is run again.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUDGETS, DESIGNS, EXPERIMENTS } from './experiments.mjs';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const MAIN = path.join(ROOT, 'dist/cli/main.js');
export const OUT = path.join('heddle-out', 'iommu-matrix');

/** Runs the command line; answers what it printed on stdout. */
export function heddle(args, { quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', quiet ? 'ignore' : 'inherit'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout }));
  });
}

/** Names that the model declares. */
export async function declared() {
  const { code, stdout } = await heddle(['models', 'iommu', '--json'], { quiet: true });
  if (code !== 0) throw new Error('the model iommu does not build');
  const { declares } = JSON.parse(stdout).models[0];
  const names = (list) => list.map(({ name }) => name);
  return {
    designs: names(declares.designs),
    scenes: names(declares.scenes),
    options: names(declares.options),
    symptoms: declares.symptoms,
  };
}

/** The part of the experiment that the model can run; null if there is none. */
export function fitting({ scenes, options = {}, ...rest }, model) {
  const own = scenes.filter((scene) => model.scenes.includes(scene));
  if (own.length === 0 || Object.keys(options).some((name) => !model.options.includes(name))) return null;
  return { ...rest, scenes: own, options, designs: DESIGNS.filter((design) => model.designs.includes(design)) };
}

/** The arguments of its comparison without those that say where and how the result is written. */
export function argumentsOf({ designs, scenes, options }, budget, per) {
  return [
    ...['compare', 'iommu', '--designs', designs.join(','), '--scenes', scenes.join(',')],
    ...Object.entries(options).flatMap(([name, value]) => ['--option', `${name}=${value}`]),
    ...Object.entries(budget).flatMap(([name, value]) => [`--${name}`, value]),
    ...['--seed', '1', ...(per ? ['--per', per] : [])],
  ];
}

/**
 * Runs what has no result of this very model and these very arguments. Answers the documents by experiment; those that cannot be run, or are not
 * among `only` and have no result, are missing.
 */
export async function measure(
  model,
  { quick = false, budget: own = {}, only = null, per = null, render = false } = {},
) {
  const budget = { ...(quick ? BUDGETS.quick : BUDGETS.full), ...own };
  const results = {};
  for (const experiment of EXPERIMENTS) {
    const part = fitting(experiment, model);
    if (part === null) {
      console.error(`${experiment.id}: the model has not its scenes or options yet`);
      continue;
    }
    const args = argumentsOf(part, budget, experiment.cost ? per : null);
    const out = path.join(OUT, experiment.id);
    const known = await readResult(out, args);
    const isWanted = !render && (only === null || only.includes(experiment.id));
    const document = isWanted ? await runOne(experiment, part, args, out, known) : known;
    if (document !== null) results[experiment.id] = { experiment: part, args, document };
  }
  return results;
}

async function runOne({ id }, { designs, scenes }, args, out, known) {
  if (known?.complete) {
    console.error(`${id}: measured already`);
    return known;
  }
  console.error(`${id}: ${designs.length} designs, ${scenes.length} scenes`);
  const { code, stdout } = await heddle([...args, '--json', '--html', path.join(out, 'report.html'), '-o', out]);
  if (code !== 0) throw new Error(`heddle ${args.join(' ')} exits ${code}`);
  mkdirSync(path.join(ROOT, out), { recursive: true });
  writeFileSync(path.join(ROOT, out, 'arguments.json'), `${JSON.stringify(args)}\n`);
  return JSON.parse(stdout);
}

/** The kept document if it came of the same arguments and of the model as it is. */
async function readResult(out, args) {
  const [document, before] = ['compare.json', 'arguments.json'].map((name) => path.join(ROOT, out, name));
  if (!existsSync(document) || !existsSync(before)) return null;
  if (readFileSync(before, 'utf8').trim() !== JSON.stringify(args)) return null;
  const known = JSON.parse(readFileSync(document, 'utf8'));
  return known.modelHash === (await modelHash()) ? known : null;
}

let hash = null;

async function modelHash() {
  hash ??= JSON.parse((await heddle(['build', 'iommu', '--json'], { quiet: true })).stdout).hash;
  return hash;
}
