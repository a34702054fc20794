/** The Promela twins have the states of the scenes that they stand for. Needs spin and gcc, and the built command line. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';

const missing = ['spin', 'gcc'].filter((tool) => spawnSync(tool, ['-V'], { stdio: 'ignore' }).error);
const reason = missing.length ? `${missing.join(', ')} missing` : existsSync('dist/cli/main.js') ? '' : 'no dist/';
if (reason) console.warn(`THE COMPARISON WITH SPIN IS SKIPPED: ${reason}`);

interface Scene {
  readonly rows: readonly { readonly label: string; readonly states: number }[];
  readonly kinds: { readonly heddle: readonly string[]; readonly spin: readonly string[] };
  readonly sameVerdicts: boolean;
}

function measure(name: string): Scene {
  const args = ['bench/peers.mjs', '--quick', '--json', '--scene', name];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const document = JSON.parse(stdout || `{"scenes":[],"stderr":${JSON.stringify(stderr)}}`) as { scenes: Scene[] };
  const [scene] = document.scenes;
  if (!scene) throw new Error(stderr);
  return scene;
}

it.skipIf(reason !== '')(
  'has the states of toy, and the eleven final ones that only SPIN counts',
  () => {
    const { rows, sameVerdicts } = measure('toy');
    const states = (label: string): number => rows.find((row) => row.label === label)?.states ?? 0;
    expect(states('SPIN -DNOREDUCE, same steps')).toBe(states('heddle verify --no-reduction') + 11);
    expect(sameVerdicts).toBe(true);
  },
  120_000,
);

it.skipIf(reason !== '')(
  'deadlocks where Heddle does',
  () => {
    const { kinds } = measure('abba');
    expect(kinds).toEqual({ heddle: ['deadlock'], spin: ['deadlock'] });
  },
  120_000,
);
