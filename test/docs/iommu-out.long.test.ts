/** A run of scripts/iommu-matrix.mjs beside the committed page: it measures, and touches nothing else. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (folder: string): string[] =>
  ['iommu.md', 'iommu-results.json'].map((name) => readFileSync(join(folder, name), 'utf8'));

it('repeats one experiment in a folder of its own', () => {
  const out = mkdtempSync(join(tmpdir(), 'heddle-matrix-'));
  const before = read(join(ROOT, 'docs'));
  const flags = ['--only', 'bus-probe', '--budget', '200', '--verify-memory', '1M', '--out', out];
  const { status, stderr } = spawnSync(process.execPath, ['scripts/iommu-matrix.mjs', ...flags], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, expect.stringContaining('iommu.md is written')]);
  expect(read(join(ROOT, 'docs'))).toEqual(before);
  const [page = '', results = ''] = read(out);
  expect(page).toMatch(/^\| bus-probe \|.*\| measured \|$/m);
  expect(Object.keys((JSON.parse(results) as { matrix: object }).matrix)).toEqual(['bus-probe']);
}, 600_000);
