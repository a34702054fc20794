import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { heddle, inFolder, MAIN } from './run.js';

describe('wrong usage', () => {
  it.each([
    ['an unknown command', ['fuz', 'bank'], /unknown command 'fuz'[\s\S]*Did you mean fuzz\?/],
    ['an unknown flag', ['fuzz', 'bank', '--max-tim', '1s'], /unknown option '--max-tim'[\s\S]*--max-time/],
    ['a missing argument', ['fuzz'], /missing required argument 'model'/],
    ['a model that does not exist', ['fuzz', 'bamk'], /did you mean bank\?/],
    ['a path that does not exist', ['build', './nowhere.ts'], /no model at \.\/nowhere\.ts/],
    ['an unknown design', ['fuzz', 'bank', '--design', 'x'], /bank has no design “x”[\s\S]*racy, locked/],
    ['an unknown scene', ['fuzz', 'bank', '--scene', 'x'], /bank has no scene “x”[\s\S]*two-transfers/],
    ['an unknown option', ['fuzz', 'bank', '--option', 'x=1'], /bank has no option “x”/],
    ['an unknown symptom', ['fuzz', 'bank', '--stop-on-symptom', 'S1'], /bank has no symptom “S1”[\s\S]*other/],
    ['a bad option', ['fuzz', 'bank', '--option', 'x'], /name=number/],
    ['a bad duration', ['fuzz', 'bank', '--max-time', 'soon'], /30s, 10m or 2h/],
    ['a bad count', ['fuzz', 'bank', '-j', '0'], /whole number from 1/],
    ['an empty folder', ['fuzz', 'bank', '-o', ''], /name of a file or folder; it is empty/],
    ['an empty file', ['report', '.', '--output', ''], /name of a file or folder; it is empty/],
    ['too many workers', ['fuzz', 'bank', '-j', '100000'], /whole number from 1 to 512/],
    ['more steps than a word holds', ['fuzz', 'bank', '--max-steps', '2147483648'], /from 1 to 1000000000/],
    ['the same for a search', ['verify', 'bank', '--max-steps', '4294967296'], /from 1 to 1000000000/],
    ['the same for a schedule', ['replay', '-', '--max-steps', '3000M'], /from 1 to 1000000000/],
    ['a bound that a word cannot hold', ['verify', 'bank', '--max-depth', '4294967295'], /from 0 to 1000000000/],
    ['a bad seed', ['fuzz', 'bank', '--seed', '-1'], /whole number from 0 to 18446744073709551615/],
    [
      'a bad choice',
      ['fuzz', 'bank', '--strategy', 'luck'],
      /portfolio, random, pct, pos, lock-cycles, surw, urw, reads-from, bounded, delay, mutation/,
    ],
    ['an unknown oracle', ['fuzz', 'bank', '--oracles', 'ghosts'], /no kind of finding/],
    ['a deterministic campaign without an end', ['fuzz', 'bank', '--deterministic'], /--max-execs/],
    ['a deterministic campaign by the clock', ['fuzz', 'bank', '--deterministic', '--max-time', '1s'], /--max-execs/],
  ])('%s exits 2 and says what would be right', async (_, args, message) => {
    const { code, stdout, stderr } = await inFolder((cwd) => heddle(args, { cwd }));
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('bug of Heddle');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('help goes to stdout, has examples and exits 0', async () => {
    const { code, stdout, stderr } = await heddle(['--help']);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('heddle fuzz');
    expect([code, stderr]).toEqual([0, '']);
  });

  it('the version is the package’s', async () => {
    const { code, stdout } = await heddle(['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
  });

  it('no command shows the help on stderr and exits 2', async () => {
    const { code, stdout, stderr } = await heddle([]);
    expect(stderr).toContain('Usage: heddle');
    expect([code, stdout]).toEqual([2, '']);
  });
});

/** Of more than a slice, and without a violation. */
const SEARCH = [
  'verify',
  'iommu',
  '--design',
  'v6.7',
  '--scene',
  'walk-client',
  '--oracles',
  'memory',
  '-q',
  '-j',
  '1',
];

describe('help', () => {
  it.each([
    ['verify', [/4 if memory, time or an interrupt cut it short/, /default: heddle-out\/<model>-<design>-verify\)/]],
    ['compare', [/an earlier one in it is replaced \(default: heddle-out\/compare-<model>\)/]],
  ] as const)('of %s says what it does', async (command, says) => {
    const { stdout } = await heddle([command, '--help']);
    for (const one of says) expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(one);
  });

  it('a search whose time is up says so', async () => {
    // From this package's folder, where the exact artefact of the model is kept; elsewhere it would be built anew.
    await inFolder(async (folder) => {
      const { code, stdout } = await heddle([...SEARCH, '--max-time', '1ms', '-o', join(folder, 'search')]);
      expect(stdout).toMatch(/its time was up/);
      expect(code).toBe(4);
    });
    // Without a cache it is built first.
  }, 240_000);
});

describe('models', () => {
  it.each(['-bank.ts', 'a"b.ts', 'a\\b.ts'])('the file %s is refused with what names may be', async (name) => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, name), 'export function register(): void {}\n');
      const { code, stderr } = await heddle(['fuzz', `./${name}`], { cwd });
      expect(stderr).toMatch(/: a model’s file cannot have this name\nhint: rename it: no hyphen/);
      expect(stderr).toContain(name);
      expect(code).toBe(2);
    });
  });

  it('a model that does not compile exits 2 with file, line and column', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'bad.ts'), 'export function register(): void {\n  const x: strin = 1;\n}\n');
      const { code, stdout, stderr } = await heddle(['build', './bad.ts'], { cwd, builds: true });
      expect(stderr).toMatch(/^error: bad\.ts does not compile/);
      expect(stderr).toMatch(/bad\.ts:2:\d+: .*strin/);
      expect([code, stdout]).toEqual([2, '']);
    });
  });

  it('build says what is in the model and writes the artefact', async () => {
    await inFolder(async (cwd) => {
      const { code, stdout } = await heddle(['build', 'bank', '-o', 'out', '--json'], { cwd });
      const document = JSON.parse(stdout) as Record<string, unknown>;
      expect(document).toMatchObject({ schema: 'heddle.build/1', name: 'bank', flavour: 'fast' });
      expect(document.files).toEqual([join('out', 'model.wasm'), join('out', 'model.json')]);
      expect(code).toBe(0);
    });
  });

  it('build --watch builds after each change, bears errors, and ends with Ctrl-C', async () => {
    await inFolder(async (cwd) => {
      const file = join(cwd, 'watched.ts');
      const source = readFileSync(new URL('../../examples/bank.ts', import.meta.url), 'utf8');
      writeFileSync(file, source);
      let builds = 0;
      const { code, stderr } = await heddle(['build', './watched.ts', '--watch'], {
        cwd,
        builds: true,
        onStdout: (child, text) => {
          const now = text.match(/^watched [0-9a-f]{16}/gm)?.length ?? 0;
          if (now === builds) return;
          builds = now;
          if (builds === 1) writeFileSync(file, source.replace('alice.balance -=', 'alice.balanc -='));
          else child.kill('SIGINT');
        },
        onStderr: (_, text) => {
          if (builds === 1 && text.includes('balanc')) writeFileSync(file, `${source}// changed\n`);
        },
      });
      expect(stderr).toMatch(/watched\.ts:\d+:\d+: .*balanc/);
      expect([builds, code]).toEqual([2, 0]);
    });
  });

  it('models lists designs, scenes and events, also as JSON', async () => {
    const text = await heddle(['models', 'bank']);
    expect(text.stdout).toMatch(/designs +racy/);
    const { stdout } = await heddle(['models', 'bank', '--json']);
    const { schema, models } = JSON.parse(stdout) as { schema: string; models: { name: string; declares: unknown }[] };
    expect(schema).toBe('heddle.models/1');
    expect(models[0]?.declares).toMatchObject({
      designs: [{ name: 'racy' }, { name: 'locked' }],
      scenes: [{ name: 'two-transfers', events: ['transfer(10)', 'transfer(20)'] }],
    });
  });
});

describe('where settings come from', () => {
  it('a flag beats the environment, which beats the configuration', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'heddle.config.json'), JSON.stringify({ seed: 1, maxExecs: 1000, jobs: 1, ui: 'none' }));
      const seed = async (args: readonly string[], env: Record<string, string>): Promise<string> => {
        const { stdout } = await heddle(['fuzz', 'bank', '--design', 'locked', ...args], { cwd, env });
        return / seed (\d+)/.exec(stdout)?.[1] ?? stdout;
      };
      expect(await seed([], {})).toBe('1');
      expect(await seed([], { HEDDLE_SEED: '2' })).toBe('2');
      expect(await seed(['--seed', '3'], { HEDDLE_SEED: '2' })).toBe('3');
    });
  });

  it('settings of campaigns do not change what a schedule is run with, nor where build writes', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'heddle.config.json'), JSON.stringify({ design: 'locked', out: 'campaign' }));
      const input = 'heddle-schedule 1\nmodel bank\ndesign racy\nevent transfer 1\n';
      const { stdout } = await heddle(['replay', '-'], { cwd, input, env: { HEDDLE_DESIGN: 'locked' } });
      expect(stdout).toContain('bank racy');
      const built = await heddle(['build', 'bank', '--json'], { cwd });
      expect((JSON.parse(built.stdout) as { files: string[] }).files).toEqual([]);
    });
  });

  it.each([
    ['an unknown key', '{ "job": 2 }', /heddle\.config\.json: unknown key "job"[\s\S]*jobs/],
    ['a bad value', '{ "jobs": "two" }', /heddle\.config\.json: "jobs" cannot be "two"/],
    ['a bad duration', '{ "maxTime": "soon" }', /"maxTime" cannot be "soon"[\s\S]*30s/],
    ['more steps than a word holds', '{ "maxSteps": 2147483648 }', /"maxSteps" cannot be[\s\S]*from 1 to 1000000000/],
    ['what is not JSON', '{ jobs: 2 }', /heddle\.config\.json: not JSON/],
  ])('%s in the configuration exits 2 and names file and key', async (_, text, message) => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'heddle.config.json'), text);
      const { code, stderr } = await heddle(['models', 'bank'], { cwd });
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
      const doctor = await heddle(['doctor'], { cwd });
      expect(doctor.stdout).toMatch(message.source.includes('hint') ? /error/ : /error +heddle\.config\.json/);
      expect(doctor.code).toBe(2);
    });
  });

  it('a bad value in the environment exits 2 and names the variable', async () => {
    const { code, stderr } = await heddle(['fuzz', 'bank'], { env: { HEDDLE_JOBS: 'many' } });
    expect(stderr).toContain('HEDDLE_JOBS');
    expect(code).toBe(2);
  });

  it('an unknown HEDDLE_ variable is a warning', async () => {
    const { code, stderr } = await heddle(['models', 'bank'], { env: { HEDDLE_JOB: '2' } });
    expect(stderr).toMatch(/warning: HEDDLE_JOB is set/);
    expect(code).toBe(0);
  });

  it('doctor shows each setting with its origin', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'heddle.config.json'), JSON.stringify({ maxTime: '10m' }));
      const { code, stdout } = await heddle(['doctor', '--json'], { cwd, env: { HEDDLE_SEED: '7' } });
      const { settings } = JSON.parse(stdout) as { settings: { key: string; value: string; origin: string }[] };
      const origin = (key: string): string | undefined => settings.find((s) => s.key === key)?.origin;
      expect(origin('seed')).toBe('environment HEDDLE_SEED');
      expect(origin('maxTime')).toBe('heddle.config.json');
      expect(origin('jobs')).toBe('default');
      expect(code).toBe(0);
    });
  });
});

describe('output', () => {
  it('has no colours and no cursor codes when it is not a terminal', async () => {
    const outcomes = await inFolder((cwd) =>
      Promise.all([
        heddle(['models', 'bank'], { cwd }),
        heddle(['fuzz', 'bank', '--max-execs', '20k', '--ui', 'screen'], { cwd }),
        heddle(['fuzz', 'nothing'], { cwd }),
      ]),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    for (const { stdout, stderr } of outcomes) expect(stdout + stderr).not.toMatch(/\u001b/);
  });

  it('has colours when they are asked for', async () => {
    const { stdout } = await heddle(['models', 'bank', '--color', 'always']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must be there
    expect(stdout).toMatch(/\u001b\[1m/);
  });

  it('a reader that goes away is no error', async () => {
    // It is gone before the first line is written.
    const command = `"$0" "$1" models bank | true; echo "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', command, process.execPath, MAIN]);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
    }
    await new Promise((done) => child.on('close', done));
    expect(text).not.toContain('EPIPE');
    expect(text.trim().split('\n').at(-1)).toBe('0');
  });
});
