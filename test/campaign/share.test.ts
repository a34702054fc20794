/** Campaigns that exchange what they find through a folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import type { CampaignOptions } from '../../src/campaign/types.js';
import { CorpusStore, scheduleId } from '../../src/corpus/store.js';
import { formatSchedule, parseSchedule } from '../../src/schedule/text.js';
import { campaignOptions } from '../support/campaign-options.js';

const root = mkdtempSync(join(tmpdir(), 'heddle-share-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const never = new AbortController().signal;
const shareDir = join(root, 'share');

const options = (name: string, more: Partial<CampaignOptions>): Promise<CampaignOptions> =>
  campaignOptions('test/models/locks.ts', join(root, name), {
    ...{ maxExecutions: 4000, deterministic: true, shareDir },
    ...more,
  });

function put(text: string, id: string): void {
  mkdirSync(join(shareDir, id.slice(0, 2)), { recursive: true });
  writeFileSync(join(shareDir, id.slice(0, 2), `${id}.sched`), text);
}

it('takes over what adds a feature, after it has run, and refuses the rest with a reason', async () => {
  const first = await runCampaign(await options('first', {}), {}, never);
  const shared = new CorpusStore(shareDir).load(() => {});
  expect(shared.map(({ id }) => id)).toEqual(
    new CorpusStore(join(root, 'first', 'corpus')).load(() => {}).map(({ id }) => id),
  );
  const text = formatSchedule(shared[0]?.schedule ?? parseSchedule(''));
  const foreign = text.replace('model locks', 'model other');
  put(foreign, scheduleId(parseSchedule(foreign)));
  put(`${text}# changed\n`, '0123456789abcdef');
  put('\u0000', 'fedcba9876543210');
  const warnings: string[] = [];
  const hooks = { warning: (message: string) => warnings.push(message) };
  // A run that cannot find the second feature set by itself: one execution.
  const second = await runCampaign(await options('second', { maxExecutions: 1 }), hooks, never);
  expect(second.features).toBe(first.features);
  expect(second.imported).toBeGreaterThan(0);
  expect(second.refused).toBe(3);
  expect(warnings.join('\n')).toMatch(/belongs to the model other/);
  expect(warnings.join('\n')).toMatch(/its content has the id/);
});
