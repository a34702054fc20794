/** Findings for the tests of replay, made by the command line as a user makes them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { heddle } from '../cli/run.js';

/** Runs a short deterministic campaign in the folder and answers the folders of its findings, sorted. */
export async function findingsOf(out: string, args: readonly string[], executions: number): Promise<string[]> {
  const budget = ['--deterministic', '--max-execs', `${executions}`, '--seed', '1'];
  const { code, stderr } = await heddle(['fuzz', ...args, ...budget, '-o', out, '-q']);
  if (code !== 3) throw new Error(`heddle fuzz ${args.join(' ')} exits ${code}: ${stderr}`);
  const folder = join(out, 'findings');
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}
