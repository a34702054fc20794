/** Output that cannot be written: a full disk (`/dev/full`) and readers that go away, with real processes and shells. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJournal } from '../../src/campaign/journal.js';
import { loadFindings } from '../../src/findings/store.js';
import { inFolder, MAIN } from './run.js';

interface Ran {
  /** Of the first command of the pipeline. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `heddle` in a line of the shell, whose own streams are read. */
function shell(line: string, cwd: string): Promise<Ran> {
  const script = `run() { "$0" "${MAIN}" "$@"; }; ${line}; echo "code \${PIPESTATUS[0]}" >&2`;
  return new Promise((done) => {
    const child = spawn('bash', ['-c', script, process.execPath], { cwd });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('close', () => {
      const [all = '', code] = /^([\s\S]*)code (\d+)\n$/.exec(stderr)?.slice(1) ?? [];
      done({ code: Number(code), stdout, stderr: all });
    });
  });
}

const FUZZ = 'run fuzz bank -j 1 --seed 1 -o camp';

/** What a campaign that has ended properly leaves. */
function ended(cwd: string): { readonly lock: boolean; readonly last: string | undefined; readonly findings: number } {
  const dir = join(cwd, 'camp');
  const { lines } = readJournal(join(dir, 'journal.ndjson'));
  const findings = loadFindings(dir, (file) => expect(file).toBe('readable')).length;
  return { lock: existsSync(join(dir, 'lock')), last: lines.at(-1)?.type, findings };
}

const WHOLE = { lock: false, last: 'end', findings: 1 };

describe('a campaign', () => {
  it.each([
    [
      'a full disk behind stdout',
      `${FUZZ} -q --max-execs 50k >/dev/full`,
      /^warning: cannot write to stdout: ENOSPC[^\n]*\n$/,
    ],
    [
      'the same with --json',
      `${FUZZ} -q --max-execs 50k --json >/dev/full`,
      /^warning: cannot write to stdout: ENOSPC[^\n]*\n$/,
    ],
    ['a full disk behind stderr', `${FUZZ} --max-execs 50k 2>/dev/full`, /^$/],
    ['a reader that has what it wants', `${FUZZ} -q --json | grep -q '"type":"finding"'`, /^stopping[^\n]*\n$/],
    ['one of both streams', `${FUZZ} --ui line --json 2>&1 | grep -q '"type":"finding"'`, /^$/],
  ])('survives %s, keeps its finding and exits 3', async (_, line, stderr) => {
    await inFolder(async (cwd) => {
      const ran = await shell(line, cwd);
      expect(ran.stderr).toMatch(stderr);
      expect({ code: ran.code, ...ended(cwd) }).toEqual({ code: 3, ...WHOLE });
    });
  });

  it('that finds nothing exits 1 if its output is lost', async () => {
    await inFolder(async (cwd) => {
      const { code } = await shell(`${FUZZ} --design locked -q --max-execs 1k >/dev/full`, cwd);
      expect({ code, ...ended(cwd) }).toEqual({ code: 1, ...WHOLE, findings: 0 });
    });
  });
});

describe('a short command', () => {
  it('says in one line that the disk is full, and exits 1', async () => {
    const { code, stderr } = await inFolder((cwd) => shell('run models bank >/dev/full', cwd));
    expect(stderr).toBe('error: cannot write to stdout: ENOSPC: no space left on device, write\n');
    expect(code).toBe(1);
  });

  it('keeps its exit code when its reader or stderr is gone', async () => {
    await inFolder(async (cwd) => {
      await shell(`${FUZZ} -q --max-execs 50k`, cwd);
      const report = await shell('run report camp --format json | true', cwd);
      expect(report).toMatchObject({ code: 3, stderr: '' });
      expect(await shell('run models bank 2>/dev/full', cwd)).toMatchObject({ code: 0, stderr: '' });
    });
  });
});
