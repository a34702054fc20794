/** Folders that cannot be written, by anybody: paths that a file blocks. And clocks that jump. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { standingOf } from '../../src/campaign/standing.js';
import type { CampaignOptions } from '../../src/campaign/types.js';
import { campaignOptions } from '../support/campaign-options.js';

const root = mkdtempSync(join(tmpdir(), 'heddle-blocked-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

const never = new AbortController().signal;

const options = (outDir: string): Promise<CampaignOptions> =>
  campaignOptions('examples/bank.ts', outDir, { design: 'racy', maxExecutions: 400, deterministic: true });

it('a folder that cannot be made is an error at the start, with what to do', async () => {
  const file = join(root, 'file');
  writeFileSync(file, 'not a folder');
  const error = await runCampaign(await options(join(file, 'campaign')), {}, never).catch((e: Error) => e);
  expect(error).toMatchObject({
    code: 'HDL_IO',
    exitCode: 1,
    message: expect.stringContaining(join(file, 'campaign')),
    hint: expect.stringContaining('-o'),
  });
  expect(readFileSync(file, 'utf8')).toBe('not a folder');
});

it('where one part of it cannot be written, the campaign goes on, says so, and writes it when it can', async () => {
  const outDir = join(root, 'part');
  mkdirSync(outDir);
  writeFileSync(join(outDir, 'findings'), 'in the way');
  const warnings: string[] = [];
  const hooks = { warning: (text: string) => warnings.push(text) };
  const blocked = await runCampaign(await options(outDir), hooks, never);
  expect(blocked.executions).toBe(400);
  expect(blocked.records.length).toBeGreaterThan(0);
  expect(warnings.join('\n')).toMatch(/ENOTDIR|EEXIST/);
  // What is not in the folder is not reported as being there.
  expect(standingOf(outDir)?.findings).toEqual([]);
  rmSync(join(outDir, 'findings'));
  const free = await runCampaign(await options(outDir), {}, never);
  expect(standingOf(outDir)?.findings).toHaveLength(free.records.length);
  expect(free.records.map(({ signature }) => signature)).toEqual(blocked.records.map(({ signature }) => signature));
});

it('a clock that jumps to and fro changes neither what is executed nor what is kept', async () => {
  const kept = (dir: string): Record<string, string> =>
    Object.fromEntries(
      ['corpus', 'findings'].flatMap((part) =>
        readdirSync(join(dir, part), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .map((path) => [path.slice(dir.length), readFileSync(path, 'utf8')]),
      ),
    );
  const straight = join(root, 'straight');
  const steady = await runCampaign(await options(straight), {}, never);
  const YEAR = 365 * 86_400_000;
  const real = Date.now();
  let reads = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => real + (((reads++ * 7) % 5) - 2) * YEAR);
  const jumping = join(root, 'jumping');
  let whileRunning: string | undefined;
  const hooks = {
    event: ({ type }: { type: string }) => {
      if (type === 'begin') whileRunning = standingOf(jumping)?.state;
    },
  };
  const jumped = await runCampaign(await options(jumping), hooks, never);
  expect(reads).toBeGreaterThan(5);
  expect(whileRunning).toBe('running');
  expect(jumped.executions).toBe(steady.executions);
  expect(jumped.features).toBe(steady.features);
  expect(kept(jumping)).toEqual(kept(straight));
  expect(standingOf(jumping)?.state).toBe('ended');
  expect(standingOf(jumping)?.ageMs).toBeGreaterThanOrEqual(0);
  // Resumed years before it began.
  vi.spyOn(Date, 'now').mockImplementation(() => real - 30 * YEAR);
  const resumed = await runCampaign({ ...(await options(jumping)), maxExecutions: 1 }, {}, never);
  expect(resumed.features).toBe(steady.features);
  expect(standingOf(jumping)).toMatchObject({ state: 'ended', torn: 0 });
});
