/** A disk that fails, or a process that dies, at the n-th write of a campaign, for every n; and what is left goes on. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { reported } from '../../src/campaign/folder.js';
import { readJournal } from '../../src/campaign/journal.js';
import type { CampaignOptions } from '../../src/campaign/types.js';
import { type Fault, injectFaults } from '../../src/corpus/disk.js';
import { CorpusStore } from '../../src/corpus/store.js';
import { loadFindings } from '../../src/findings/store.js';
import { campaignOptions } from '../support/campaign-options.js';
import { size } from '../support/size.js';

const root = mkdtempSync(join(tmpdir(), 'heddle-faults-'));
afterEach(() => {
  injectFaults(null);
  rmSync(root, { recursive: true, force: true });
});

const never = new AbortController().signal;
const FAULTS: readonly Fault[] = ['ENOSPC', 'EIO', 'torn', 'crash'];

const options = (outDir: string): Promise<CampaignOptions> =>
  campaignOptions('examples/bank.ts', outDir, { design: 'racy', maxExecutions: 400, deterministic: true });

/** One campaign that meets the fault at its n-th write. Answers whether it came to that. */
async function interrupted(outDir: string, n: number, fault: Fault): Promise<boolean> {
  let count = 0;
  injectFaults(() => (++count === n ? fault : null));
  try {
    await runCampaign(await options(outDir), {}, never);
  } catch {
    // It could not begin, or it died.
  }
  injectFaults(null);
  return count >= n;
}

describe('the folder of a campaign', () => {
  it('survives a fault at every write: nothing corrupt, nothing that the journal reported is lost', async () => {
    let runs = 0;
    for (let n = 1, goesOn = true; goesOn; n++) {
      // Every fault at every write in ci; by default each write meets one of them.
      const faults = size().name === 'default' ? FAULTS.filter((_, i) => i === n % FAULTS.length) : FAULTS;
      for (const fault of faults) {
        const outDir = join(root, `${n}-${fault}`);
        goesOn = await interrupted(outDir, n, fault);
        runs += 1;
        const { features, findings } = reported(outDir);
        // The process would be gone, and its lock stale; here its pid is ours.
        rmSync(join(outDir, 'lock'), { force: true });
        const refused: string[] = [];
        new CorpusStore(join(outDir, 'corpus')).load((file) => refused.push(file));
        const kept = loadFindings(outDir, (file) => refused.push(file)).map((f) => `${f.kind}-${f.signature}`);
        expect({ n, fault, refused }).toEqual({ n, fault, refused: [] });
        expect(kept).toEqual(expect.arrayContaining(findings));
        await runCampaign({ ...(await options(outDir)), maxExecutions: 1 }, {}, never);
        const resumed = readJournal(join(outDir, 'journal.ndjson')).lines;
        const last = resumed.findLast((line) => line.type === 'checkpoint');
        expect({ n, fault, features: last?.type === 'checkpoint' ? last.features : -1 }).toSatisfy(
          (seen: { features: number }) => seen.features >= features,
        );
        const left = readdirSync(outDir, { recursive: true }).filter((name) => String(name) === 'lock');
        expect(left).toEqual([]);
        rmSync(outDir, { recursive: true, force: true });
      }
    }
    console.log(`${runs} campaigns, each with one fault`);
    expect(runs).toBeGreaterThan(40);
  }, 600_000);

  it('is written in full when a full disk has room again', async () => {
    const outDir = join(root, 'full');
    let count = 0;
    const warnings: string[] = [];
    injectFaults((operation) => (operation === 'open' && ++count > 6 && count < 9 ? 'ENOSPC' : null));
    const hooks = { warning: (text: string) => warnings.push(text) };
    const summary = await runCampaign({ ...(await options(outDir)), maxExecutions: 20_000 }, hooks, never);
    expect(warnings.join()).toMatch(/ENOSPC.*it will be tried again/);
    expect(new CorpusStore(join(outDir, 'corpus')).files()).toHaveLength(summary.corpus);
    expect(loadFindings(outDir, () => {})).toHaveLength(summary.records.length);
  });
});

describe('the journal', () => {
  it('passes over torn and edited lines, and goes on after them', async () => {
    const outDir = join(root, 'torn');
    await runCampaign(await options(outDir), {}, never);
    const file = join(outDir, 'journal.ndjson');
    const whole = readJournal(file).lines.length;
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.slice(0, -9).replace('"begin"', '"begun"'));
    expect(readJournal(file)).toMatchObject({ torn: 2 });
    await runCampaign({ ...(await options(outDir)), maxExecutions: 1 }, {}, never);
    const after = readJournal(file);
    expect(after.torn).toBe(2);
    expect(after.lines.length).toBeGreaterThan(whole - 2);
    expect(after.lines.at(-1)?.type).toBe('end');
  });
});

describe('the lock', () => {
  it('keeps a second campaign out, and is taken over from a process that is gone', async () => {
    const outDir = join(root, 'lock');
    const o = await options(outDir);
    let second: unknown;
    const hooks = {
      event: ({ type }: { type: string }) => {
        if (type === 'begin')
          second = runCampaign(o, {}, never).then(
            () => null,
            (error: Error) => error.message,
          );
      },
    };
    await runCampaign(o, hooks, never);
    expect(await second).toMatch(/is in use by process/);
    const stale = { pid: process.pid, start: 'another boot/1', host: (await import('node:os')).hostname() };
    writeFileSync(join(outDir, 'lock'), JSON.stringify(stale));
    await runCampaign(o, {}, never);
    writeFileSync(join(outDir, 'lock'), '{"pid":');
    await runCampaign(o, {}, never);
  });

  it('of another host is not taken over', async () => {
    const outDir = join(root, 'foreign');
    const o = await options(outDir);
    await runCampaign(o, {}, never);
    writeFileSync(join(outDir, 'lock'), JSON.stringify({ pid: 1, start: '', host: 'elsewhere' }));
    await expect(runCampaign(o, {}, never)).rejects.toThrow(/in use by process 1 on elsewhere/);
  });
});

describe('a folder of another build of the model', () => {
  it('is refused with exit code 5 and the way out', async () => {
    const outDir = join(root, 'edited');
    const o = await options(outDir);
    await runCampaign(o, {}, never);
    const manifest = { ...o.artefact.manifest, hash: 'f'.repeat(64) };
    const error = await runCampaign({ ...o, artefact: { ...o.artefact, manifest } }, {}, never).catch((e: Error) => e);
    expect(error).toMatchObject({ exitCode: 5, hint: expect.stringContaining(`heddle corpus migrate ${outDir}`) });
  });
});
