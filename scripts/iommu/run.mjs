// Runs tasks of docs/iommu.md, two at a time, and keeps what each has shown: whoever interrupts it loses the tasks that are under way.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { heddle, ROOT } from './heddle.mjs';

const OUT = path.join('heddle-out', 'iommu-matrix');

/** Between two lines of progress. */
const PROGRESS_MS = 30_000;

const minutes = (ms) => `${(ms / 60_000).toFixed(1)} min`;

/** The kept result of this very task and this very model; null if there is none. */
export function known({ id, args }, hash) {
  const file = path.join(ROOT, OUT, `${id}.json`);
  if (!existsSync(file)) return null;
  const kept = JSON.parse(readFileSync(file, 'utf8'));
  return kept.hash === hash && JSON.stringify(kept.args) === JSON.stringify(args) ? kept.result : null;
}

/** Runs one task and keeps its result. @throws Error if the command fails. */
export async function runTask({ id, args }, hash) {
  const folder = path.join(OUT, id);
  rmSync(path.join(ROOT, folder), { recursive: true, force: true });
  const isFuzz = args[0] === 'fuzz';
  const { code, stdout, stderr } = await heddle([
    ...args,
    '--json',
    '-q',
    '-o',
    folder,
    ...(isFuzz ? ['--exit-zero'] : []),
  ]);
  if (code !== 0) throw new Error(`heddle ${args.join(' ')} exits ${code}: ${stderr.trim()}`);
  const result = isFuzz ? campaignResult(stdout) : JSON.parse(stdout);
  mkdirSync(path.join(ROOT, OUT), { recursive: true });
  writeFileSync(path.join(ROOT, OUT, `${id}.json`), `${JSON.stringify({ hash, args, result })}\n`);
  return result;
}

/** When each symptom was first seen, and what was accessed without its lock. */
function campaignResult(stdout) {
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { executions, elapsedMs, reason } = lines.findLast(({ type }) => type === 'summary');
  const seen = {};
  for (const line of lines.filter(({ type }) => type === 'finding')) {
    const before = seen[line.symptom];
    if (before && before.executions <= line.executions) continue;
    seen[line.symptom] = { executions: line.executions, ms: line.seenMs };
  }
  const unlocked = lines.filter(({ type, kind }) => type === 'finding' && kind === 'lockset').map(({ title }) => title);
  return { executions, elapsedMs: Math.round(elapsedMs), reason, seen, unlocked: [...new Set(unlocked)].sort() };
}

/**
 * Runs all of them, `lanes` at a time, the heaviest first; answers the results by id. One that fails is told, and its result is missing. With `until` (ms), nothing begins after it: what was left out
 * is missing, and said.
 */
export async function runAll(name, tasks, hash, { lanes, until }) {
  const results = {};
  const waiting = [...tasks].filter((task) => {
    const result = known(task, hash);
    if (result !== null) results[task.id] = result;
    return result === null;
  });
  waiting.sort((a, b) => (b.weight ?? 1) - (a.weight ?? 1));
  const sum = (list) => list.reduce((total, { weight = 1 }) => total + weight, 0);
  const all = sum(waiting);
  const begin = Date.now();
  let done = 0;
  const tell = (text) => {
    const elapsed = Date.now() - begin;
    const left = done > 0 ? `, about ${minutes((elapsed / done) * (all - done))} to go` : '';
    console.error(`${name}: ${text}; ${Object.keys(results).length} of ${tasks.length}, ${minutes(elapsed)}${left}`);
  };
  const ticker = setInterval(() => tell('running'), PROGRESS_MS);
  const lane = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      if (until !== null && Date.now() >= until) {
        console.error(`${name}: no time left for ${task.id}`);
        continue;
      }
      try {
        results[task.id] = await runTask(task, hash);
      } catch (error) {
        console.error(`${name}: ${error.message}`);
        process.exitCode = 1;
      }
      done += task.weight ?? 1;
      tell(task.id);
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    clearInterval(ticker);
  }
  return results;
}
