/** Folders that are torn, lie, or lead elsewhere: an answer that says so, and a server that goes on. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Folders, served } from './folders.js';

const SECRET = 'root:x:0:0:secret';
const folders = new Folders();
let good = '';
let secret = '';
beforeAll(async () => {
  good = await folders.campaign();
  secret = join(folders.root, 'secret.txt');
  writeFileSync(secret, SECRET);
});
afterAll(() => folders.remove());

const findingFile = (dir: string): string => {
  const [name = ''] = readdirSync(join(dir, 'findings'));
  return join(dir, 'findings', name, 'finding.json');
};

function replaceByLink(path: string): void {
  rmSync(path, { recursive: true });
  symlinkSync(secret, path);
}

function replaceByPipe(path: string): void {
  rmSync(path, { recursive: true });
  execFileSync('mkfifo', [path]);
}

/** What is done to a good folder; what the campaign's problems must say, or what is expected without one. */
const DAMAGES: readonly (readonly [name: string, damage: (dir: string) => void, says: RegExp | null])[] = [
  ['a header that is no JSON', (d) => writeFileSync(join(d, 'campaign.json'), '{"model"'), /no header of a campaign/],
  ['a header that is a list', (d) => writeFileSync(join(d, 'campaign.json'), '[]'), null],
  ['a header of other types', (d) => writeFileSync(join(d, 'campaign.json'), '{"model":{},"scene":7,"seed":[]}'), null],
  ['half statistics', (d) => writeFileSync(join(d, 'stats.json'), '{"schema":"heddle.stats/1","at":1'), /stats\.json/],
  [
    'statistics that lie',
    (d) => writeFileSync(join(d, 'stats.json'), '{"schema":"heddle.stats/1","at":1,"executions":"<script>"}'),
    /stats\.json is not as this Heddle writes it/,
  ],
  ['statistics that are a pipe', (d) => replaceByPipe(join(d, 'stats.json')), /is no plain file/],
  ['a header that is a pipe', (d) => replaceByPipe(join(d, 'campaign.json')), /is no plain file/],
  ['a journal that is a link', (d) => replaceByLink(join(d, 'journal.ndjson')), /is no plain file/],
  ['a torn journal', (d) => appendFileSync(join(d, 'journal.ndjson'), '{"crc":"00000000","at":1}\n{"cr'), null],
  ['a journal of noise', (d) => writeFileSync(join(d, 'journal.ndjson'), Buffer.alloc(5000, 0xff)), null],
  ['a series of noise', (d) => writeFileSync(join(d, 'series.ndjson'), '{"at":"x"}\nnull\n7\n{'), null],
  ['a half finding', (d) => writeFileSync(findingFile(d), '{"schema":'), /is not JSON/],
  ['a finding that is a link', (d) => replaceByLink(findingFile(d)), /is no plain file/],
  ['a finding that is huge', (d) => writeFileSync(findingFile(d), Buffer.alloc(5 << 20, 0x20)), /bytes, more than/],
  ['a finding of another signature', (d) => moveFinding(d), /another finding than its folder/],
  ['findings that are a link', (d) => replaceByLink(join(d, 'findings')), /is no folder/],
  ['a corpus that is a link', (d) => replaceByLink(join(d, 'corpus')), null],
  ['a lock that is half', (d) => writeFileSync(join(d, 'lock'), '{"pid"'), null],
];

function moveFinding(dir: string): void {
  const from = findingFile(dir);
  const other = join(dir, 'findings', 'invariant-00000000000000aa');
  mkdirSync(other);
  cpSync(from, join(other, 'finding.json'));
}

it.each(DAMAGES)('%s', async (name, damage, says) => {
  const dir = folders.copy(good, name.replaceAll(' ', '-'));
  damage(dir);
  const { campaign, get, log } = served([dir]);
  const view = await campaign();
  if (says !== null) expect(view.problems.join('\n')).toMatch(says);
  const base = `/api/campaigns/${view.id}`;
  const ids = readdirSync(join(good, 'findings'));
  const entries = readdirSync(join(good, 'corpus'), { recursive: true, encoding: 'utf8' });
  const entry = entries.find((one) => one.endsWith('.sched'))?.slice(-22, -6);
  const paths = ['', '/series', '/findings', '/corpus', `/findings/${ids[0]}`, `/corpus/${entry}`];
  for (const path of [...paths.map((one) => base + one), '/metrics', '/api/campaigns']) {
    const answer = await get(path);
    const text = await answer.text();
    expect([200, 404, 422], `${path}: ${text}`).toContain(answer.status);
    expect(text).not.toContain(SECRET.slice(0, 8));
  }
  expect(log).toEqual([]);
});

it('an entry that was changed, or a link, is refused; so is a sidecar', async () => {
  const dir = folders.copy(good, 'entry');
  const store = join(dir, 'corpus');
  const files = readdirSync(store, { recursive: true, encoding: 'utf8' });
  const file = join(store, files.find((one) => one.endsWith('.sched')) ?? '');
  const id = file.slice(-22, -6);
  const { campaign, get } = served([dir]);
  const path = `/api/campaigns/${(await campaign()).id}/corpus/${id}`;
  replaceByLink(file.replace('.sched', '.json'));
  expect(await (await get(path)).json()).toMatchObject({ id, sidecar: null, features: null });
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('transfer 10', 'transfer 11'));
  const changed = await get(path);
  expect(changed.status).toBe(422);
  expect(await changed.text()).toContain('it was changed, or is not canonical');
  expect((await get(`${path}/run`)).status).toBe(422);
  replaceByLink(file);
  const link = await get(path);
  expect([link.status, await link.text()]).toEqual([422, expect.stringContaining('is no plain file')]);
});

it('a finding whose model is gone has no explanation, and says why', async () => {
  const dir = folders.copy(good, 'gone');
  const file = findingFile(dir);
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('model bank', 'model nobody-has-it'));
  const { campaign, get } = served([dir]);
  const { id, findings } = await campaign();
  const answer = await get(`/api/campaigns/${id}/findings/${findings[0]?.id}/explanation`);
  expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('nobody-has-it')]);
});

it('a folder that vanishes while it is shown', async () => {
  const dir = folders.copy(good, 'vanishes');
  const { campaign, get, log } = served([dir]);
  const { id, findings } = await campaign();
  rmSync(dir, { recursive: true });
  for (const path of ['/series', '/corpus', `/findings/${findings[0]?.id}`, `/findings/${findings[0]?.id}/run`]) {
    expect([200, 404, 422], path).toContain((await get(`/api/campaigns/${id}${path}`)).status);
  }
  expect(log).toEqual([]);
});
