/** `heddle hub`: what a fleet’s hub holds, and who is there. */
import { formatCount, formatDuration, formatShort, plural, searchTitle } from '../ui/format.js';
import type { SearchStatus } from '../sync/hub/searches.js';
import { type HubStatus, hubStatus, type StreamStatus } from '../sync/hub/status.js';
import { type HubFlags, hubAddress } from './hub-address.js';
import type { Terminal } from './terminal.js';

export async function showHub(
  url: string,
  flags: HubFlags & { readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const status = await hubStatus(hubAddress(url, flags));
  if (flags.json) terminal.printJson({ schema: 'heddle.hub/1', ...status });
  else terminal.print(renderHub(status));
}

function renderHub({ url, server, corpus, findings, peers, searches }: HubStatus): string {
  const rows = peers.map((peer) =>
    [
      `  ${peer.peer}  ${peer.host}:${peer.pid}  ${peer.model} ${peer.design}, ${peer.scene ?? 'all scenes'}`,
      `${plural(peer.workers, 'worker')}, ${formatShort(peer.executionsPerSecond)}/s, ${formatShort(peer.executions)} executions`,
      `${formatCount(peer.features)} features, ${plural(peer.findings, 'finding')}, since ${formatDuration(peer.elapsedMs)}`,
    ].join('; '),
  );
  const speed = peers.reduce((sum, peer) => sum + peer.executionsPerSecond, 0);
  return [
    `${url} (${server}): ${plural(peers.length, 'peer')}, ${formatShort(speed)} executions/s`,
    ...rows,
    streamText('corpus', corpus),
    streamText('findings', findings),
    ...searches.map(searchText),
  ].join('\n');
}

function searchText({ search, about, done, taken, states, processes, violations, at }: SearchStatus): string {
  const found = violations > 0 ? `, ${plural(violations, 'violation')}` : '';
  const when = new Date(at).toISOString().slice(0, 19);
  return `search of ${searchTitle(search, about)}: ${plural(done, 'partition')} done (${formatCount(states)} states), ${formatCount(taken)} at work, ${plural(processes, 'process', 'processes')}${found}; last heard of ${when}Z`;
}

function streamText(what: string, stream: StreamStatus | null): string {
  if (!stream) return `${what}: no campaign has used this hub yet`;
  const { messages, bytes, bytesMax, groups } = stream;
  const room = bytesMax > 0 ? ` of ${formatShort(bytesMax)}` : '';
  const parts = groups.map(
    ({ model, design, messages: n }) => `\n  model ${model}, design ${design}: ${formatCount(n)}`,
  );
  return `${what}: ${plural(messages, 'message')}, ${formatShort(bytes)}${room} bytes${parts.join('')}`;
}
