/** A campaign that is killed with SIGKILL at random moments, and goes on each time. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { reported } from '../../src/campaign/folder.js';
import { readJournal } from '../../src/campaign/journal.js';
import { standingOf } from '../../src/campaign/standing.js';
import { CorpusStore } from '../../src/corpus/store.js';
import { loadFindings } from '../../src/findings/store.js';
import { createRandom } from '../../src/schedule/prng.js';
import { heddle, inFolder, MAIN } from '../cli/run.js';
import { size } from '../support/size.js';

/** From before the folder is there to some seconds of fuzzing. */
const MOMENT_MS = 2_500;

const ARGUMENTS = ['examples/bank.ts', '--design', 'racy', '-j', '2', '--ui', 'none', '-q'];

it(`loses nothing that its journal reported in ${size().kills} kills`, async () => {
  await inFolder(async (folder) => {
    const out = join(folder, 'campaign');
    const random = createRandom(2026);
    let reachedKills = 0;
    for (let kill = 0; kill < size().kills; kill++) {
      const child = spawn(process.execPath, [MAIN, 'fuzz', ...ARGUMENTS, '-o', out], { stdio: 'ignore' });
      const over = new Promise((done) => child.on('close', done));
      // The first one is given time to find something, so that there is something to lose.
      await sleep(kill === 0 ? 2 * MOMENT_MS : random.below(MOMENT_MS));
      child.kill('SIGKILL');
      await over;
      if (!existsSync(join(out, 'campaign.json'))) continue;
      reachedKills += 1;
      const state = standingOf(out)?.state;
      expect(['died', 'ended']).toContain(state);
      intact(out);
    }
    const before = reported(out);
    const { code } = await heddle(['fuzz', ...ARGUMENTS, '-o', out, '--max-execs', '1000']);
    expect([0, 3]).toContain(code);
    const { lines } = readJournal(join(out, 'journal.ndjson'));
    // Each resume has what any checkpoint before it had reported.
    let best = 0;
    let resumes = 0;
    for (const line of lines) {
      if (line.type === 'checkpoint') best = Math.max(best, line.features);
      if (line.type !== 'resume') continue;
      resumes += 1;
      expect(line.features).toBeGreaterThanOrEqual(best);
    }
    expect(best).toBeGreaterThan(0);
    expect(resumes).toBeGreaterThan(0);
    expect(reported(out).features).toBeGreaterThanOrEqual(before.features);
    expect(before.findings.length).toBeGreaterThan(0);
    intact(out);
    expect(readdirSync(out, { recursive: true }).filter((name) => String(name).endsWith('.tmp'))).toEqual([]);
    console.log(`${size().kills} kills, ${reachedKills} of them with a folder, ${resumes} resumes, ${best} features`);
  });
}, 900_000);

/** Every file is whole, and the findings that the journal names are there. */
function intact(out: string): void {
  const refused: string[] = [];
  new CorpusStore(join(out, 'corpus')).load((file, reason) => refused.push(`${file}: ${reason}`));
  const ids = loadFindings(out, (file, reason) => refused.push(`${file}: ${reason}`)).map(
    ({ kind, signature }) => `${kind}-${signature}`,
  );
  expect(refused).toEqual([]);
  expect(ids).toEqual(expect.arrayContaining(reported(out).findings));
  for (const name of ['campaign.json', 'stats.json']) {
    if (existsSync(join(out, name))) JSON.parse(readFileSync(join(out, name), 'utf8'));
  }
}
