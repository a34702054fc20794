/** Both flavours of a model and its mutants share one compilation, as long as nothing that it read has changed. */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildModel } from '../../src/build/index.js';
import { compile } from '../../src/build/compile.js';
import { SourceFiles } from '../../src/build/source-files.js';
import { build, failure, KIT, writeModel } from './toolchain.js';
import { temporaryFolder } from '../support/temporary.js';

const FILES = {
  'm.ts':
    'import { event } from "heddle";\nimport { bump } from "./count";\nexport function register(): void { event("e", bump); }\n',
  'count.ts': 'let count: i32 = 0;\nexport function bump(): void { count++; }\n',
};
let folder = '';
beforeEach(() => {
  folder = dirname(writeModel(FILES));
});
const files = (kitDir = KIT): SourceFiles => new SourceFiles(folder, kitDir);

describe('a second compilation', () => {
  it('of the same sources is the first one, and knows what that one read', async () => {
    const [first, second] = [files(), files()];
    const compiled = await compile('m.ts', first);
    expect(await compile('m.ts', second)).toBe(compiled);
    expect(second.list()).toEqual(first.list());
    expect(second.modelTexts()).toEqual(first.modelTexts());
    expect(second.modelTexts().map(([name]) => name)).toEqual(['count.ts', 'm.ts']);
  });

  it.each([
    ['a file has changed', () => writeFileSync(join(folder, 'count.ts'), FILES['count.ts'].replace('++', '--'))],
    [
      'the entry has changed',
      () => writeFileSync(join(folder, 'm.ts'), `${FILES['m.ts']}export const more: i32 = 1;\n`),
    ],
  ])('is another one if %s', async (_, change) => {
    const before = await compile('m.ts', files());
    change();
    const after = await compile('m.ts', files());
    expect(Buffer.from(after.wasm).equals(before.wasm)).toBe(false);
  });

  it('is another one if a file that was looked for is there now, or one is gone', async () => {
    rmSync(join(folder, 'count.ts'));
    const inFolder = 'let count: i32 = 5;\nexport function bump(): void { count--; }\n';
    cpSync(dirname(writeModel({ 'm.ts': inFolder })), join(folder, 'count'), { recursive: true });
    cpSync(join(folder, 'count/m.ts'), join(folder, 'count/index.ts'));
    const before = await compile('m.ts', files());
    writeFileSync(join(folder, 'count.ts'), FILES['count.ts']);
    expect(Buffer.from((await compile('m.ts', files())).wasm).equals(before.wasm)).toBe(false);
    rmSync(join(folder, 'count.ts'));
    rmSync(join(folder, 'count/index.ts'));
    expect((await failure(compile('m.ts', files()))).code).toBe('HDL_MODEL_COMPILE');
  });

  it('is another one for another kit or folder', async () => {
    const kit = temporaryFolder('build');
    cpSync(KIT, kit, { recursive: true });
    const first = await compile('m.ts', files());
    expect(await compile('m.ts', files(kit))).not.toBe(first);
    const second = await compile('m.ts', files(kit));
    folder = dirname(writeModel(FILES));
    expect(await compile('m.ts', files(kit))).not.toBe(second);
  });
});

it('the second flavour has the bytes that it has when it is built alone', async () => {
  const alone = await build(FILES, { flavour: 'exact' });
  const entry = join(folder, 'm.ts');
  await buildModel(entry, { kitDir: KIT, cacheDir: null });
  const second = await buildModel(entry, { kitDir: KIT, cacheDir: null, flavour: 'exact' });
  expect(Buffer.from(second.wasm).equals(alone.wasm)).toBe(true);
  expect({ ...second.manifest, sources: [] }).toEqual({ ...alone.manifest, sources: [] });
});

it('what the subset refuses is refused again, at the same place', async () => {
  writeFileSync(join(folder, 'count.ts'), 'export function bump(): void { memory.grow(1); }\n');
  const errors = [];
  for (const flavour of ['fast', 'exact'] as const) {
    errors.push(await failure(buildModel(join(folder, 'm.ts'), { kitDir: KIT, cacheDir: null, flavour })));
  }
  expect(errors.map(({ code }) => code)).toEqual(['HDL_MODEL_SUBSET', 'HDL_MODEL_SUBSET']);
  expect(errors[1]?.diagnostics).toEqual(errors[0]?.diagnostics);
  expect(errors[0]?.diagnostics.length).toBeGreaterThan(0);
});
