/** `heddle mutate` and the vacuity report of `heddle verify`, as a user runs them. */
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { vacuityLine, vacuityOf } from '../../src/coverage/vacuity.js';
import { heddle, inFolder } from '../cli/run.js';
import { modelAt } from '../support/models.js';

const USELESS = resolve('test/mutate/fixtures/useless-lock.ts');
const BANK = resolve('examples/bank.ts');

describe('heddle mutate', () => {
  it('exits 3 and names what goes unnoticed', async () => {
    const { code, stdout, stderr } = await heddle(['mutate', USELESS, '--scene', 'adders']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/adders: verified, \d+ states\n/);
    expect(stdout).toMatch(
      / {2}Mutex\.lock useless in add +useless-lock\.ts:19 +NOT NOTICED: every schedule was searched/,
    );
    expect(stdout).toMatch(
      / {2}Mutex\.lock needed in add +useless-lock\.ts:22 +noticed by invariant “nothing is lost”/,
    );
    expect(stdout).toMatch(/never reached: .*Mutex\.lock needed in neverCalled/);
    expect(stdout).toMatch(/6 removals: 1 noticed, 1 unnoticed, 4 unreached\n$/);
    expect(stderr).toContain('6 removals to judge');
  });

  it('exits 0 if everything is noticed, and says so in one document', async () => {
    const { code, stdout } = await heddle(['mutate', BANK, '--design', 'locked', '--json', '-q']);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(code).toBe(0);
    expect(document).toMatchObject({ schema: 'heddle.mutate/1', model: 'bank', design: 'locked', interrupted: false });
    expect(document['mutants']).toMatchObject([
      { outcome: 'noticed', removal: { kind: 'lock', keys: ['transfer lock Mutex', 'transfer unlock Mutex'] } },
    ]);
  });

  it('names the scenes that there are', async () => {
    const { code, stderr } = await heddle(['mutate', BANK, '--scene', 'nowhere']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('two-transfers')]);
  });
});

describe('what a search never reached', () => {
  it('is told by heddle verify: one line, or all of it in JSON', async () => {
    await inFolder(async (folder) => {
      const args = ['verify', USELESS, '--scene', 'adders', '-q', '-o', folder];
      const { stdout } = await heddle(args);
      expect(stdout).toMatch(
        /\nreached \d+ of \d+ sites of the functions entered; never entered: produce, .*neverCalled; events not in this scene: produce, consume, never\n$/,
      );
      const { stdout: json } = await heddle([...args, '--json']);
      const { vacuity } = JSON.parse(json) as { vacuity: Record<string, unknown> };
      expect(vacuity).toMatchObject({ otherEvents: ['produce', 'consume', 'never'], otherDesigns: [] });
    });
  });

  it('has the lines of the functions entered, and the designs that were not run', async () => {
    const { manifest, wasm } = await modelAt('examples/bank.ts');
    const declarations = Executor.describe({ manifest, wasm });
    const reached = manifest.sites.flatMap((s, i) => (s?.function === 'transfer' && s.operation === 'load' ? [i] : []));
    const vacuity = vacuityOf(manifest, declarations, { design: 'locked', scene: 'two-transfers', reached });
    expect(vacuity.otherDesigns).toEqual(['racy']);
    expect(vacuity.partly[0]?.missing.map((m) => m.operation)).toEqual(['lock', 'store', 'store', 'unlock']);
    expect(vacuityLine(vacuity)).toMatch(/^reached 2 of 6 sites of the functions entered/);
  });
});
