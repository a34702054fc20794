/** Who found what, and when: what a campaign reports beside what its executors were seen to do. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { Executor } from '../../src/executor/executor.js';
import { campaignOptions } from '../support/campaign-options.js';

afterEach(() => vi.restoreAllMocks());

/** Notes strategy and execution of all executors together at the first sight of each kind of finding at each site. */
function watch(): Set<string> {
  const { strategy, batch } = Executor.prototype;
  const names = new WeakMap<Executor, string>();
  const known = new Set<string>();
  const firsts = new Set<string>();
  let executions = 0;
  vi.spyOn(Executor.prototype, 'strategy').mockImplementation(function named(this: Executor, ...args) {
    names.set(this, args[0]);
    return strategy.apply(this, args);
  });
  vi.spyOn(Executor.prototype, 'batch').mockImplementation(function watched(this: Executor, n) {
    const ran = batch.call(this, n);
    executions += ran;
    if ((this.interest() & 4) === 0) return ran;
    for (const { kind, site, message } of this.result().findings) {
      const key = `${kind} ${site} ${message}`;
      if (!known.has(key)) firsts.add(`${names.get(this)}@${executions}`);
      known.add(key);
    }
    return ran;
  });
  return firsts;
}

describe.each([
  ['examples/bank.ts', 'racy', null],
  ['examples/double-checked.ts', 'broken', null],
  ['assembly/models/iommu/index.ts', 'v6.6', 'walk-client'],
])('%s %s', (path, design, scene) => {
  it('each record names the strategy and the execution that met it first; each entry counts for who made it', async () => {
    const outDir = mkdtempSync(join(tmpdir(), 'heddle-credit-'));
    const options = await campaignOptions(path, outDir, {
      ...{ design, scene, deterministic: true, maxExecutions: 6_000, seed: 3n, minimize: false },
    });
    const firsts = watch();
    const { records, strategies } = await runCampaign(options, {}, new AbortController().signal);
    expect(records.length).toBeGreaterThan(0);
    const told = records.map(({ foundBy, executions }) => `${foundBy}@${executions}`);
    expect(told.filter((one) => !firsts.has(one))).toEqual([]);
    expect(new Set(told)).toEqual(firsts);
    const origins = new Map<string, number>();
    const files = readdirSync(outDir, { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.startsWith('corpus') && name.endsWith('.json'))) {
      const { origin = '' } = JSON.parse(readFileSync(join(outDir, file), 'utf8')) as { origin?: string };
      const name = origin.split('+')[0] ?? '';
      origins.set(name, (origins.get(name) ?? 0) + 1);
    }
    const entries = Object.entries(strategies).filter(([, { entries: n }]) => n > 0);
    expect(new Map(entries.map(([name, { entries: n }]) => [name, n]))).toEqual(origins);
    rmSync(outDir, { recursive: true });
  });
});
