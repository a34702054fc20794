/** What was found beyond the default limit of steps is replayed and minimized with the limit that it was found with. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { heddle, inFolder } from './run.js';

const MODEL = `import { event, invariant, scene } from 'heddle';
class Cell { steps: i32 = 0; value: i32 = 0; }
const cell = new Cell();
function count(): void {
  for (let i = 0; i < 6000; i++) cell.steps += 1;
  cell.value = 1;
}
export function register(): void {
  event('count', count);
  scene('two').with('count').with('count');
  invariant('never', () => cell.value == 0);
}
`;

it('replay, minimize and corpus commands', async () => {
  await inFolder(async (cwd) => {
    writeFileSync(join(cwd, 'long.ts'), MODEL);
    const fuzz = ['fuzz', './long.ts', '--max-execs', '3', '--max-steps', '100000', '--deterministic', '-o', 'c', '-q'];
    expect((await heddle([...fuzz, '--ui', 'none'], { cwd })).code).toBe(3);
    const [id = ''] = readdirSync(join(cwd, 'c', 'findings'));
    const finding = join('c', 'findings', id);
    const replayed = await heddle(['replay', finding, './long.ts', '-q'], { cwd });
    expect({ code: replayed.code, stdout: replayed.stdout }).toMatchObject({ code: 3 });
    expect(replayed.stdout).toContain('reproduced invariant “never”');
    const short = await heddle(['replay', finding, './long.ts', '-q', '--max-steps', '20000'], { cwd });
    expect(short.stdout).toContain('it shows step-limit');
    expect((await heddle(['minimize', 'c', '-j', '1'], { cwd })).code).toBe(0);
    const sites = async (...more: string[]): Promise<number> => {
      const args = ['corpus', 'minimize', 'c', '-j', '1', '--json', ...more];
      return (JSON.parse((await heddle(args, { cwd })).stdout) as { features: number }).features;
    };
    // All that lies behind the limit is reached as in the campaign, and not with a lower one.
    const whole = await sites();
    expect(await sites('--max-steps', '20000')).toBeLessThan(whole);
  });
}, 120_000);
