/** Schedules that are given to a running campaign: what is admitted, and why the rest is refused. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { type ForeignEntry, foreignEntry, type Verdict } from '../../src/campaign/foreign.js';
import type { CampaignOptions } from '../../src/campaign/types.js';
import { CorpusStore } from '../../src/corpus/store.js';
import { campaignOptions } from '../support/campaign-options.js';

const root = mkdtempSync(join(tmpdir(), 'heddle-foreign-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const never = new AbortController().signal;

const options = (name: string, more: Partial<CampaignOptions> = {}): Promise<CampaignOptions> =>
  campaignOptions('test/models/locks.ts', join(root, name), { maxExecutions: 2_000, ...more });

/** Entries that a campaign tells of. */
async function told(o: CampaignOptions): Promise<Map<string, string>> {
  const entries = new Map<string, string>();
  await runCampaign(o, { entry: (id, text) => entries.set(id, text) }, never);
  return entries;
}

/** A campaign without executions of its own worth mentioning that is given these. */
async function given(o: CampaignOptions, entries: readonly ForeignEntry[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const controller = new AbortController();
  const hooks = {
    begun: (intake: { take(entries: readonly ForeignEntry[]): number }) => {
      expect(intake.take(entries)).toBe(entries.length);
    },
    foreign: (verdict: Verdict) => {
      verdicts.push(verdict);
      if (verdicts.length === entries.length) controller.abort();
    },
  };
  await runCampaign({ ...o, maxExecutions: null, maxTimeMs: 20_000 }, hooks, controller.signal);
  return verdicts;
}

describe('a schedule from elsewhere', () => {
  it('is admitted if it adds something, and refused with the reason if it cannot be run', async () => {
    const o = await options('source');
    const entries = [...(await told(o))];
    expect(entries.length).toBeGreaterThan(1);
    expect(new Set(entries.map(([id]) => id))).toEqual(
      new Set(new CorpusStore(join(o.outDir, 'corpus')).load(() => {}).map(({ id }) => id)),
    );
    const [, text] = entries.at(-1) as [string, string];
    const bad: readonly [ForeignEntry, RegExp][] = [
      [foreignEntry('large', 'x'.repeat((1 << 20) + 1), null), /1048577 bytes; a schedule has at most/],
      [foreignEntry('bytes', Uint8Array.of(0xff, 0xfe, 0x00), null), /not UTF-8/],
      [foreignEntry('cut', text.slice(0, 30), null), /./],
      [foreignEntry('changed', text, '0'.repeat(16)), /its content has the id/],
      [foreignEntry('model', text.replace(/model \S+/, 'model other'), null), /belongs to the model other/],
      [foreignEntry('design', text.replace(/design .*/, 'design other'), null), /belongs to the design other/],
      [
        foreignEntry('scene', text.replace(/scene \S+/, 'scene elsewhere'), null),
        /its scene elsewhere is not fuzzed here/,
      ],
    ];
    const good = entries.map(([name, entry]) => foreignEntry('peer', entry, name));
    const target = await options('target', { seed: 99n });
    const verdicts = await given(target, [...good, ...bad.map(([entry]) => entry)]);
    const of = (origin: string): Verdict[] => verdicts.filter((v) => v.origin === origin);
    expect(of('peer').filter(({ outcome }) => outcome === 'refused')).toEqual([]);
    expect(of('peer').some(({ outcome }) => outcome === 'admitted')).toBe(true);
    for (const [{ origin }, reason] of bad) {
      expect(of(origin), origin).toEqual([expect.objectContaining({ outcome: 'refused' })]);
      expect(of(origin)[0]?.reason).toMatch(reason);
    }
    // What was admitted from elsewhere is not told as its own.
    expect([...(await told({ ...target, maxExecutions: 1 })).keys()].length).toBeLessThan(
      new CorpusStore(join(target.outDir, 'corpus')).files().length,
    );
  });

  it('is admitted only for a feature that nobody has', async () => {
    const o = await options('saturated', { maxExecutions: 6_000 });
    const own = await runCampaign(o, {}, never);
    const others = [...(await told(await options('elsewhere', { seed: 31n, strategy: 'random' })))];
    const has = new Set(new CorpusStore(join(o.outDir, 'corpus')).load(() => {}).map(({ id }) => id));
    const unseen = others.filter(([id]) => !has.has(id));
    const verdicts = await given(
      o,
      unseen.map(([id, text]) => foreignEntry('peer', text, id)),
    );
    const { features } = await runCampaign({ ...o, maxExecutions: 1 }, {}, never);
    const admitted = verdicts.filter(({ outcome }) => outcome === 'admitted').length;
    expect(admitted).toBeLessThanOrEqual(features - own.features);
    // New as schedules, and they reach nothing new.
    expect(verdicts.filter(({ outcome }) => outcome === 'known').length).toBeGreaterThan(0);
  });

  it('is told to have other events or options, where those are fixed', async () => {
    const [[, text]] = [...(await told(await options('fixed-source')))] as [[string, string]];
    const scene = /scene (\S+)/.exec(text)?.[1] ?? '';
    const fixed = await options('fixed', { scene });
    const more = text.replace(/^(event .*)$/m, '$1\n$1');
    const [verdict, own] = await given(fixed, [foreignEntry('peer', more, null), foreignEntry('peer', text, null)]);
    expect(verdict?.reason).toMatch(/its events are not those of the scene/);
    expect(own?.outcome).toBe('admitted');
  });
});
