import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
/** What a module of bench/ answers. */
const answer = (script: string): unknown =>
  JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT, encoding: 'utf8' }));

it('an executor without coverage runs the same executions and has no features', () => {
  const told = answer(`
    import { Executor } from './dist/executor/executor.js';
    import { artefactOf, executorOf, runRaw } from './bench/lib/raw.mjs';
    import { buildWithout } from './bench/lib/variant.mjs';
    const variant = await buildWithout('COVER');
    const artefact = await artefactOf('toy');
    const run = (Class) => {
      const executor = executorOf(artefact, 'three', Class);
      executor.strategy('random');
      executor.seed(7n);
      runRaw(executor, 200);
      return { hash: String(executor.result().hash), features: executor.totals().features };
    };
    const both = [run(Executor), run(variant.Executor)];
    variant.remove();
    console.log(JSON.stringify(both));
  `);
  const [ordinary, without] = told as [Run, Run];
  expect(without.hash).toBe(ordinary.hash);
  expect(ordinary.features).toBeGreaterThan(0);
  expect(without.features).toBe(0);
}, 120_000);

interface Run {
  readonly hash: string;
  readonly features: number;
}

it('bench/overhead.mjs compares a campaign with the same executions alone', () => {
  const flags = ['--subjects', 'toy', '--rounds', '1', '--seconds', '0.3', '--json'];
  const out = execFileSync(process.execPath, ['bench/overhead.mjs', ...flags], { cwd: ROOT, encoding: 'utf8' });
  const number = expect.any(Number);
  const cost = { ns: number, replayNs: number, fresh: number, overhead: number };
  expect(JSON.parse(out)).toMatchObject({
    schema: 'heddle.overhead/1',
    rows: [{ subject: 'toy', portfolio: cost, random: cost }],
  });
}, 120_000);
