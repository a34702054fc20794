/** What the README teaches is what works: its example is taken out of it, built and fuzzed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { buildModel } from '../../src/build/index.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('README', () => {
  it('teaches a model of at most 30 lines that finds its race', async () => {
    const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(30);
    expect(example).toBe(readFileSync(new URL('../../examples/bank.ts', import.meta.url), 'utf8'));
    const dir = mkdtempSync(join(tmpdir(), 'heddle-readme-'));
    try {
      writeFileSync(join(dir, 'bank.ts'), example);
      const { wasm, manifest } = await buildModel(join(dir, 'bank.ts'), { cacheDir: null });
      const summary = await runCampaign(
        {
          modelArgument: 'bank.ts',
          artefact: { wasm, manifest },
          design: 'racy',
          scene: null,
          options: {},
          jobs: 1,
          seed: 1n,
          maxTimeMs: 10_000,
          maxExecutions: null,
          stopOnFirst: true,
          deterministic: false,
          strategy: 'portfolio',
          oracles: null,
          outDir: join(dir, 'out'),
          stepLimit: 20_000,
          fuelLimit: 1 << 20,
          hangMs: 10_000,
          minimize: true,
        },
        {},
        new AbortController().signal,
      );
      expect(summary.records[0]?.message).toBe('no money is lost');
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('names commands and pages that exist', () => {
    for (const [, page] of readme.matchAll(/\]\(([\w/.-]+\.md)\)/g)) {
      expect(() => readFileSync(new URL(`../../${page}`, import.meta.url))).not.toThrow();
    }
  });
});
