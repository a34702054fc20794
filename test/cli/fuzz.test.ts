import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { heddle, inFolder, type Outcome } from './run.js';

const FUZZ = ['fuzz', 'bank', '--max-execs', '50k', '--seed', '1', '-j', '1'];

interface Line {
  readonly schema: string;
  readonly type: 'status' | 'finding' | 'summary';
  readonly [key: string]: unknown;
}
const linesOf = ({ stdout }: Outcome): Line[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

/** The words after `heddle` of the command that was printed. */
function pasted(stdout: string): string[] {
  return (
    /heddle (replay .*)$/m
      .exec(stdout)?.[1]
      ?.split(' ')
      .map((word) => word.replaceAll("'", '')) ?? []
  );
}

describe('heddle fuzz', () => {
  it('prints the finding with its diagram and the command to paste, and exits 3', async () => {
    await inFolder(async (cwd) => {
      const { code, stdout } = await heddle(FUZZ, { cwd });
      expect(stdout).toMatch(/^finding 1: invariant “no money is lost”/);
      expect(stdout).toMatch(/symptom +other/);
      expect(stdout).toMatch(/signature +invariant-[0-9a-f]{16}/);
      expect(stdout).toMatch(/found by +[a-z-]+, execution \d+\n/);
      expect(stdout).toMatch(/transfer\(10\) +transfer\(20\)/);
      expect(stdout).toMatch(/bank racy: 1 finding in [\d,]+ executions/);
      expect(code).toBe(3);
      const again = await heddle(pasted(stdout), { cwd });
      expect(again.stdout).toMatch(/reproduced invariant “no money is lost”/);
      expect(again.code).toBe(3);
    });
  });

  it('exits 0 when nothing was found, and when told to', async () => {
    await inFolder(async (cwd) => {
      const clean = await heddle([...FUZZ, '--design', 'locked'], { cwd });
      expect(clean.stdout).toMatch(/bank locked: no finding in [\d,]+ executions/);
      expect(clean.code).toBe(0);
      expect((await heddle([...FUZZ, '--exit-zero'], { cwd })).code).toBe(0);
    });
  });

  it('--json writes one document a line and nothing else on stdout', async () => {
    await inFolder(async (cwd) => {
      const outcome = await heddle([...FUZZ, '--json'], { cwd });
      const lines = linesOf(outcome);
      expect(lines.every((line) => line.schema === 'heddle.fuzz/1')).toBe(true);
      expect(new Set(lines.map((line) => line.type))).toEqual(new Set(['event', 'status', 'finding', 'summary']));
      expect(lines.at(-1)).toMatchObject({ type: 'summary', reason: 'max-execs', findings: 1, seed: '1' });
      expect(outcome.code).toBe(3);
    });
  });

  it('-q leaves stderr empty', async () => {
    const { stderr } = await inFolder((cwd) => heddle([...FUZZ, '-q'], { cwd }));
    expect(stderr).toBe('');
  });

  it('--oracles passes other findings over', async () => {
    const { code } = await inFolder((cwd) => heddle([...FUZZ, '--oracles', 'memory'], { cwd }));
    expect(code).toBe(0);
  });

  it('a model of one’s own is found again by the command that is printed', async () => {
    await inFolder(async (cwd) => {
      mkdirSync(join(cwd, 'my models'));
      const source = readFileSync(new URL('../../examples/bank.ts', import.meta.url), 'utf8');
      writeFileSync(join(cwd, 'my models', 'purse.ts'), source);
      const { code, stdout } = await heddle(['fuzz', './my models/purse.ts', '--stop-on-first', '-j', '1'], {
        cwd,
        builds: true,
      });
      expect(code).toBe(3);
      expect(stdout).toContain("'./my models/purse.ts'");
      const folder = /heddle replay (\S+)/.exec(stdout)?.[1] ?? '';
      expect((await heddle(['replay', folder, './my models/purse.ts'], { cwd })).code).toBe(3);
      // Without the model, the campaign around the finding knows it.
      expect((await heddle(['replay', folder], { cwd })).code).toBe(3);
    });
  });

  it('--deterministic gives the same corpus and findings each time', async () => {
    await inFolder(async (cwd) => {
      const run = async (out: string): Promise<string[]> => {
        await heddle(['fuzz', 'bank', '--deterministic', '--max-execs', '20k', '-o', out], { cwd });
        const { stdout } = await heddle(['coverage', out, '--json'], { cwd });
        return [stdout, readFileSync(join(cwd, out, 'campaign.json'), 'utf8')];
      };
      expect(await run('a')).toEqual(await run('b'));
    });
  });
});

describe('interrupts', () => {
  it('the first Ctrl-C stops, prints the summary and exits 3 if something was found', async () => {
    await inFolder(async (cwd) => {
      const interrupted = await heddle(['fuzz', 'bank', '-j', '1'], { cwd, onStderr: interruptOnce('SIGINT') });
      expect(interrupted.stderr).toContain('stopping');
      expect(interrupted.stdout).toMatch(/1 finding in .*it was interrupted/);
      expect(interrupted.code).toBe(3);
    });
  });

  it('SIGTERM does the same, and the exit code is 0 if nothing was found', async () => {
    await inFolder(async (cwd) => {
      const args = ['fuzz', 'bank', '--design', 'locked', '-j', '1'];
      const { code, stdout } = await heddle(args, { cwd, onStderr: interruptOnce('SIGTERM') });
      expect(stdout).toMatch(/no finding in .*it was interrupted/);
      expect(code).toBe(0);
    });
  });

  it('the second one ends the process at once', async () => {
    await inFolder(async (cwd) => {
      let sent = 0;
      const { code } = await heddle(['fuzz', 'bank', '-j', '1'], {
        cwd,
        onStderr: (child, text) => {
          if (sent === 0 && text.includes('fuzzing')) sent = Number(child.kill('SIGINT'));
          if (sent === 1 && text.includes('stopping')) sent += Number(child.kill('SIGINT'));
        },
      });
      expect(code).toBe(130);
    });
  });
});

/** Some time after the campaign has begun, so that it has found what there is. */
function interruptOnce(
  signal: NodeJS.Signals,
): (child: { kill(signal: NodeJS.Signals): boolean }, text: string) => void {
  let sent = false;
  return (child, text) => {
    if (sent || !text.includes('fuzzing')) return;
    sent = true;
    setTimeout(() => child.kill(signal), 1_500);
  };
}
