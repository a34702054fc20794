/** The stream of changes: what it sends, and that it ends. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CampaignView, StreamMessage } from '../../src/server/api.js';
import { listen } from '../../src/server/listen.js';
import { LISTENERS_MAX, Watcher } from '../../src/server/stream.js';
import { Folders, served } from './folders.js';

const folders = new Folders();
let good = '';
beforeAll(async () => {
  good = await folders.campaign();
});
afterAll(() => folders.remove());

/** Reads a stream event by event. */
class Reader {
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private text = '';

  constructor(body: ReadableStream<Uint8Array> | null) {
    if (body === null) throw new Error('no body');
    this.reader = body.getReader();
  }

  /** null: it has ended. */
  async next(): Promise<string | null> {
    while (!this.text.includes('\n\n')) {
      const { done, value } = await this.reader.read();
      if (done) return null;
      this.text += new TextDecoder().decode(value);
    }
    const end = this.text.indexOf('\n\n');
    const event = this.text.slice(0, end);
    this.text = this.text.slice(end + 2);
    return event;
  }

  cancel(): Promise<void> {
    return this.reader.cancel();
  }
}

function messageOf(event: string | null): StreamMessage {
  expect(event).toMatch(/^event: state\n/);
  return JSON.parse(/^data: (.*)$/m.exec(event ?? '')?.[1] ?? '') as StreamMessage;
}

describe('the stream', () => {
  it('begins with the state of now, tells what changes, and beats when nothing does', async () => {
    const dir = folders.copy(good, 'stream');
    const { get, watcher } = served([dir], undefined, 1_200);
    const answer = await get('/api/stream');
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const reader = new Reader(answer.body);
    expect(messageOf(await reader.next())).toMatchObject({ campaigns: [{ name: 'bank', torn: 0 }], hub: null });
    expect(await reader.next()).toBe(': still here');
    writeFileSync(join(dir, 'journal.ndjson'), 'torn\n');
    let event = await reader.next();
    while (event?.startsWith(':')) event = await reader.next();
    expect(messageOf(event)).toMatchObject({ campaigns: [{ torn: 1, state: 'died' }] });
    await reader.cancel();
    expect(watcher.count).toBe(0);
  });

  it('has no listener who asked with HEAD', async () => {
    const { app, watcher } = served([good]);
    const { status, headers } = await app.request('/api/stream', { method: 'HEAD' });
    expect([status, headers.get('content-type'), watcher.count]).toEqual([200, 'text/event-stream', 0]);
  });

  it('leaves nothing behind after many reconnects; too many at once are told to wait', async () => {
    const { get, watcher } = served([good]);
    for (let i = 0; i < 300; i++) {
      const reader = new Reader((await get('/api/stream')).body);
      if (i % 3 === 0) await reader.next();
      await reader.cancel();
    }
    expect(watcher.count).toBe(0);
    const open = await Promise.all(Array.from({ length: LISTENERS_MAX }, () => get('/api/stream')));
    expect(watcher.count).toBe(LISTENERS_MAX);
    const refused = await get('/api/stream');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    watcher.close();
    // Closing ends those that are open.
    for (const { body } of open) {
      const reader = new Reader(body);
      let event = await reader.next();
      while (event !== null) event = await reader.next();
    }
    expect(watcher.count).toBe(0);
  });

  it('through a socket: a client that goes away is forgotten, and closing ends the others', async () => {
    const { app, watcher } = served([good]);
    const server = await listen(app, '127.0.0.1', 0);
    const url = `http://127.0.0.1:${server.port}/api/stream`;
    try {
      for (let i = 0; i < 20; i++) {
        const controller = new AbortController();
        const reader = new Reader((await fetch(url, { signal: controller.signal })).body);
        messageOf(await reader.next());
        controller.abort();
      }
      while (watcher.count > 0) await new Promise((done) => setTimeout(done, 10));
      const last = new Reader((await fetch(url)).body);
      messageOf(await last.next());
      watcher.close();
      expect(await last.next()).toBeNull();
    } finally {
      await server.close();
    }
  });

  it('looks at the folders once for all, and not at all for nobody', async () => {
    let looks = 0;
    const campaigns = (): readonly CampaignView[] => {
      looks++;
      return [];
    };
    const watcher = new Watcher({ campaigns, hub: () => null }, '0');
    const [first, second] = [watcher.listen(), watcher.listen()];
    expect(looks).toBe(2);
    await new Promise((done) => setTimeout(done, 1_100));
    expect(looks).toBe(3);
    first?.close();
    second?.close();
    await new Promise((done) => setTimeout(done, 1_100));
    expect(looks).toBe(3);
  });
});
