/** A campaign whose folder is moved, or whose lock is taken away, ends; it makes no second folder of the old name. */
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { CorpusStore } from '../../src/corpus/store.js';
import { campaignOptions } from '../support/campaign-options.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'heddle-moved-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

it.each(['moved', 'without its lock'])('%s: the campaign ends and says so', async (how) => {
  const outDir = join(root, 'first');
  const moved = join(root, 'second');
  const options = await campaignOptions('examples/bank.ts', outDir, {
    ...{ design: 'racy', scene: 'two-transfers', strategy: 'random', maxExecutions: null, maxTimeMs: 60_000 },
  });
  let entries = 0;
  const running = runCampaign(
    options,
    {
      finding: () => {
        entries = new CorpusStore(join(outDir, 'corpus')).files().length;
        if (how === 'moved') renameSync(outDir, moved);
        else rmSync(join(outDir, 'lock'));
      },
    },
    new AbortController().signal,
  );
  await expect(running).rejects.toThrow(`${outDir} is not this campaign’s any more: its lock is gone`);
  if (how === 'moved') expect(existsSync(join(outDir, 'lock'))).toBe(false);
  const kept = new CorpusStore(join(how === 'moved' ? moved : outDir, 'corpus')).files();
  expect(kept.length).toBeGreaterThanOrEqual(entries);
  // It goes on there; this process lives, so a lock that was moved is no stale one.
  rmSync(join(moved, 'lock'), { force: true });
  const again = { ...options, outDir: how === 'moved' ? moved : outDir, maxTimeMs: null, maxExecutions: 100 };
  expect((await runCampaign(again, {}, new AbortController().signal)).reason).toBe('max-execs');
});
