/** A folder whose header is of a newer Heddle, or damaged: no command takes it for something else, and none overwrites it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { corpusAt } from '../../src/cli/corpus-context.js';
import { check, migrate } from '../../src/cli/corpus.js';
import { coverage } from '../../src/cli/coverage.js';
import { createTerminal } from '../../src/cli/terminal.js';
import { CorpusStore } from '../../src/corpus/store.js';
import { readCampaign } from '../../src/report/campaign-report.js';
import { campaignOptions } from '../support/campaign-options.js';

const root = mkdtempSync(join(tmpdir(), 'heddle-header-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const never = new AbortController().signal;
const terminal = createTerminal('never');

const fuzz = async (model: string, dir: string): Promise<unknown> =>
  runCampaign(await campaignOptions(model, dir, { maxExecutions: 200, deterministic: true }), {}, never);

const bank = join(root, 'bank');
let text = '';
let copies = 0;
/** A campaign of the bank with this header; null: with none. Answers its folder. */
function folder(header: string | null): string {
  const dir = join(root, `${copies++}`);
  cpSync(bank, dir, { recursive: true });
  if (header === null) rmSync(join(dir, 'campaign.json'));
  else writeFileSync(join(dir, 'campaign.json'), header);
  return dir;
}

beforeAll(async () => {
  await fuzz('examples/bank.ts', bank);
  text = readFileSync(join(bank, 'campaign.json'), 'utf8');
});

const HEADERS: readonly (readonly [string, () => string, RegExp])[] = [
  ['a newer Heddle’s', () => text.replace('campaign/1', 'campaign/2'), /the format heddle\.campaign\/2/],
  ['an empty one', () => '', /it is empty/],
  ['a torn one', () => text.slice(0, text.length >> 1), /it is not JSON/],
  ['one with a key of another type', () => text.replace(/"modelHash": "\w+"/, '"modelHash": 7'), /modelHash/],
];

describe.each(HEADERS)('a header that cannot be read, %s,', (_, header, why) => {
  const refused = (file: string) => ({
    code: 'HDL_FORMAT_VERSION',
    exitCode: 5,
    message: expect.stringMatching(new RegExp(`${file} is no header of a campaign.*${why.source}`)),
    hint: expect.stringMatching(/name another folder/),
  });

  it('is left as it is by a campaign of this model and of another', async () => {
    for (const model of ['examples/bank.ts', 'examples/abba.ts']) {
      const dir = folder(header());
      const file = join(dir, 'campaign.json');
      await expect(fuzz(model, dir)).rejects.toMatchObject(refused(file));
      expect(readFileSync(file, 'utf8')).toBe(header());
    }
  });

  it('is told alike by all commands', async () => {
    const dir = folder(header());
    const wanted = refused(join(dir, 'campaign.json'));
    const flags = { jobs: 1 };
    await expect(check(dir, flags, terminal)).rejects.toMatchObject(wanted);
    await expect(migrate(dir, flags, terminal)).rejects.toMatchObject(wanted);
    await expect(coverage(dir, flags, {} as never, terminal)).rejects.toMatchObject(wanted);
    const sources = { commandOf: () => '', known: new Set<string>(), refuse: () => {} };
    expect(() => readCampaign(dir, sources)).toThrow(expect.objectContaining(wanted));
  });
});

describe('a folder without a header', () => {
  it('is still of the model that its journal names', async () => {
    await expect(fuzz('examples/abba.ts', folder(null))).rejects.toMatchObject({
      code: 'HDL_CAMPAIGN_MODEL',
      message: expect.stringMatching(/is a campaign of another model than abba, or of another version/),
    });
  });

  it('gets one from the next campaign of this model, with its corpus kept', async () => {
    const dir = folder(null);
    const before = new CorpusStore(join(dir, 'corpus')).files();
    await fuzz('examples/bank.ts', dir);
    expect(corpusAt(dir).header).toMatchObject({ model: 'bank' });
    expect(new CorpusStore(join(dir, 'corpus')).files()).toEqual(expect.arrayContaining(before));
  });
});
