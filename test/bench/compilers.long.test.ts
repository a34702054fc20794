/** The module of executor and model by gcc does what V8's does: the program itself ends if it passes other points. Needs gcc and wasm2c. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

interface Measured {
  readonly obstacle: string | null;
  readonly rows: readonly { readonly model: string; readonly program: number; readonly engine: number }[];
}

it('measures both models at each number of switches, or says what is missing', (context) => {
  const { stdout, stderr } = spawnSync(process.execPath, ['bench/compilers.mjs', '--quick', '--json'], {
    encoding: 'utf8',
  });
  const { obstacle, rows } = JSON.parse(stdout || `{"obstacle":${JSON.stringify(stderr)}}`) as Measured;
  if (obstacle?.includes('missing')) {
    console.warn(`NOT COMPARED: ${obstacle}`);
    context.skip(obstacle);
  }
  expect(obstacle).toBe(null);
  expect(rows.map(({ model }) => model)).toEqual([...Array(5).fill('toy'), ...Array(5).fill('probe')]);
  for (const { program, engine } of rows) {
    expect(program).toBeGreaterThan(0);
    expect(engine).toBeGreaterThan(0);
  }
}, 240_000);
