/** What an inbox answers when its consumer fails in the middle; with a real hub that takes luck. */
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import { Inbox } from '../../src/sync/hub/inbox.js';

/** A stream of `last` messages whose consumer answers up to the next multiple of three and then fails. */
function failing(last: number): { js: JetStreamClient; jsm: JetStreamManager; starts: number[] } {
  const starts: number[] = [];
  const fetch = (): object => ({
    close: () => {},
    async *[Symbol.asyncIterator]() {
      for (let seq = starts.at(-1) ?? 1; seq <= last; seq++) {
        yield { seq, subject: `corpus.${seq}`, data: Uint8Array.of(seq) };
        if (seq % 3 === 0) throw new Error('heartbeats missed');
      }
    },
  });
  const add = (_: string, { opt_start_seq }: { opt_start_seq: number }): object => {
    starts.push(opt_start_seq);
    return { name: 'c' };
  };
  return {
    starts,
    js: { consumers: { get: () => ({ fetch }) } } as unknown as JetStreamClient,
    jsm: {
      streams: { info: () => ({ state: { last_seq: last } }) },
      consumers: { add },
    } as unknown as JetStreamManager,
  };
}

it('answers what came before a failure, and goes on behind it', async () => {
  const { js, jsm, starts } = failing(8);
  const inbox = new Inbox(js, jsm, 'corpus', 'corpus.>');
  const pages: string[][] = [];
  for (let i = 0; i < 3; i++) pages.push((await inbox.pull(100)).map(({ id }) => id));
  expect(pages).toEqual([
    ['1', '2', '3'],
    ['4', '5', '6'],
    ['7', '8'],
  ]);
  expect(starts).toEqual([1, 4, 7]);
});

it('says that the hub is away if nothing came', async () => {
  const { js, jsm } = failing(8);
  const gone = { ...jsm, streams: { info: () => Promise.reject(new Error('no hub')) } } as unknown as JetStreamManager;
  await expect(new Inbox(js, gone, 'corpus', 'corpus.>').pull(100)).rejects.toThrow('no hub');
});
