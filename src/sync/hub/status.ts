/** What a hub holds and who is there, for `heddle hub status` and the page. */
import type { JetStreamManager } from '@nats-io/jetstream';
import { HeddleError } from '../../errors.js';
import { printable } from '../../printable.js';
import { type HubAddress, shownUrl } from './address.js';
import { connectHub, REQUEST_MS, reasonOf } from './connect.js';
import { entriesOf } from './keys.js';
import { type Presence, parsePresence, PRESENCE_TTL_MS } from './presence.js';
import { type SearchStatus, searchesOn } from './searches.js';
import { CORPUS_STREAM, FINDINGS_STREAM, PRESENCE_BUCKET } from './subjects.js';

export interface StreamStatus {
  readonly name: string;
  readonly messages: number;
  readonly bytes: number;
  /** -1: no limit. */
  readonly bytesMax: number;
  /** By model (16 hex digits) and design. */
  readonly groups: readonly { readonly model: string; readonly design: string; readonly messages: number }[];
}

/** Its words are others', made fit to be shown. */
export interface HubStatus {
  readonly url: string;
  readonly server: string;
  /** null: no campaign has ever used this hub. */
  readonly corpus: StreamStatus | null;
  readonly findings: StreamStatus | null;
  readonly peers: readonly (Presence & { readonly peer: string })[];
  /** That `heddle verify` shares, the latest first. */
  readonly searches: readonly SearchStatus[];
}

/** @throws HeddleError HDL_IO if the hub is not there or has no JetStream. */
export async function hubStatus(address: HubAddress): Promise<HubStatus> {
  const connection = await connectHub(address);
  try {
    const { jetstream, jetstreamManager } = await import('@nats-io/jetstream');
    const { Kvm } = await import('@nats-io/kv');
    const jsm = await jetstreamManager(connection, { timeout: REQUEST_MS });
    const js = jetstream(connection, { timeout: REQUEST_MS });
    const kvm = new Kvm(js);
    const kv = await kvm.create(PRESENCE_BUCKET, { ttl: PRESENCE_TTL_MS, history: 1 });
    const peers: (Presence & { peer: string })[] = [];
    for (const entry of await entriesOf(jsm, kv, PRESENCE_BUCKET)) {
      const presence = entry.operation === 'PUT' ? parsePresence(entry.string()) : null;
      if (presence) peers.push({ peer: printable(entry.key.slice(entry.key.lastIndexOf('.') + 1)), ...presence });
    }
    const { server_name: name = '', version = '' } = connection.info ?? {};
    return {
      url: shownUrl(address.url),
      server: printable(`${name} ${version}`.trim()),
      corpus: await streamStatus(jsm, CORPUS_STREAM),
      findings: await streamStatus(jsm, FINDINGS_STREAM),
      peers: peers.sort((a, b) => a.peer.localeCompare(b.peer)),
      searches: await searchesOn(jsm, kvm),
    };
  } catch (cause) {
    throw new HeddleError('HDL_IO', `the hub ${shownUrl(address.url)} does not answer: ${reasonOf(cause)}`, {
      hint: 'it must be a NATS server with JetStream (nats-server -js)',
      cause,
    });
  } finally {
    await connection.close().catch(() => {});
  }
}

async function streamStatus(jsm: JetStreamManager, name: string): Promise<StreamStatus | null> {
  const info = await jsm.streams.info(name, { subjects_filter: '>' }).catch((error: Error) => {
    if (error.name === 'StreamNotFoundError') return null;
    throw error;
  });
  if (!info) return null;
  const counts = new Map<string, number>();
  for (const [subject, messages] of Object.entries(info.state.subjects ?? {})) {
    const [, , model = '', design = ''] = subject.split('.');
    const key = printable(`${model} ${design}`);
    counts.set(key, (counts.get(key) ?? 0) + messages);
  }
  return {
    name,
    messages: info.state.messages,
    bytes: info.state.bytes,
    bytesMax: info.config.max_bytes,
    groups: [...counts].sort().map(([key, messages]) => {
      const [model = '', design = ''] = key.split(' ');
      return { model, design, messages };
    }),
  };
}
