/** The IOMMU model has the functions that its facts name, or the list says why not; and each says which fact it models. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LIST = readFileSync(join(ROOT, 'docs/iommu-names.txt'), 'utf8');

function check(list: string, ...folder: string[]): { code: number | null; lines: string[] } {
  const file = join(mkdtempSync(join(tmpdir(), 'heddle-names-')), 'names.txt');
  writeFileSync(file, list);
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'scripts/iommu-names.mjs'), file, ...folder], {
    encoding: 'utf8',
  });
  return { code: status, lines: stdout.split('\n').filter((line) => line !== '') };
}

describe('scripts/iommu-names.mjs', () => {
  it('finds no name missing without a reason', () => {
    const { code, lines } = check(LIST);
    expect(lines.filter((line) => line.endsWith(': missing'))).toEqual([]);
    expect(code).toBe(0);
    expect(lines.length).toBeLessThan(15);
  });

  it('reports a name that is missing, and a reason that is not needed', () => {
    expect(check('really_probe\nunreally_probe\n')).toEqual({ code: 1, lines: ['unreally_probe: missing'] });
    expect(check('really_probe: too real\n').code).toBe(1);
  });

  it('reports a function without a comment, and a comment that names no fact', () => {
    const folder = mkdtempSync(join(tmpdir(), 'heddle-names-'));
    mkdirSync(join(folder, 'promises'));
    const text = [
      'function a(): void {}',
      '/** Does b. */\nexport function b(): void {}',
      '/** 2.4 step 2: c. */\nfunction c(): void {}',
      '/** Of c. */\nconst c = 1;\n\nfunction d(): void {}',
    ].join('\n\n');
    writeFileSync(join(folder, 'core.ts'), text);
    writeFileSync(join(folder, 'promises/of.ts'), text.replace('/** Does b. */\n', ''));
    expect(check('', folder)).toEqual({
      code: 1,
      lines: [
        'core.ts: a has no comment',
        'core.ts: the comment of b names no fact',
        'core.ts: d has no comment',
        'promises/of.ts: b has no comment',
      ],
    });
  });
});
