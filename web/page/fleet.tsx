/** Campaigns beside this one: those of this server, and those on the hub. */
import type { CampaignView, HubView, StreamMessage } from '../../src/server/api.js';
import { formatCount, formatDuration, formatShort, plural, searchTitle } from '../../src/ui/format.js';
import { nameOf, STATES } from './words.js';

export function Fleet({ campaigns, hub }: Pick<StreamMessage, 'campaigns' | 'hub'>) {
  if (campaigns.length < 2 && hub === null) return null;
  return (
    <section class="panel fleet" aria-labelledby="fleet">
      <header>
        <h2 id="fleet">Fleet</h2>
        <span class="now">{hub?.status ? hubWords(hub.status) : plural(campaigns.length, 'campaign')}</span>
      </header>
      {campaigns.length > 1 && <Here campaigns={campaigns} />}
      {hub && <Hub hub={hub} />}
    </section>
  );
}

function hubWords({ peers }: NonNullable<HubView['status']>): string {
  const speed = peers.reduce((sum, { executionsPerSecond }) => sum + executionsPerSecond, 0);
  return `${plural(peers.length, 'peer')}, ${formatShort(speed)} executions/s`;
}

const COLUMNS = ['executions/s', 'executions', 'features', 'findings'];

function Head({ first }: { readonly first: string }) {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {COLUMNS.map((name) => (
          <th scope="col" class="number" key={name}>
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Here({ campaigns }: { readonly campaigns: readonly CampaignView[] }) {
  return (
    <div class="scroll">
      <table>
        <Head first="campaign" />
        <tbody>
          {campaigns.map((campaign) => (
            <tr key={campaign.id}>
              <th scope="row">
                <a href={`#/${campaign.id}`}>{`${nameOf(campaign)} (${campaign.name})`}</a>{' '}
                <span class="quiet">{STATES[campaign.state][0].toLowerCase()}</span>
              </th>
              <td class="number">
                {campaign.state === 'running' && campaign.status
                  ? formatShort(campaign.status.executionsPerSecondNow)
                  : '-'}
              </td>
              <td class="number">{campaign.status ? formatShort(campaign.status.executions) : '-'}</td>
              <td class="number">{campaign.status ? formatCount(campaign.status.features) : '-'}</td>
              <td class="number">{formatCount(campaign.findings.length)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Hub({ hub }: { readonly hub: HubView }) {
  if (hub.status === null) return <p class="warn">{`Hub: ${hub.problem}`}</p>;
  const { url, server, peers, corpus, findings, searches } = hub.status;
  return (
    <>
      <p class="quiet">
        {`Hub ${url} (${server}): ${plural(corpus?.messages ?? 0, 'entry', 'entries')}, ${plural(findings?.messages ?? 0, 'finding')}`}
      </p>
      <div class="scroll">
        <table>
          <Head first="peer" />
          <tbody>
            {peers.map((peer) => (
              <tr key={peer.peer}>
                <th scope="row">
                  {`${peer.host}:${peer.pid}`}{' '}
                  <span class="quiet">{`${peer.model} ${peer.design}, ${plural(peer.workers, 'worker')}, ${formatDuration(peer.elapsedMs)}`}</span>
                </th>
                <td class="number">{formatShort(peer.executionsPerSecond)}</td>
                <td class="number">{formatShort(peer.executions)}</td>
                <td class="number">{formatCount(peer.features)}</td>
                <td class="number">{formatCount(peer.findings)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {searches.map((search) => (
        <p class="quiet" key={search.search}>
          {`Exhaustive search of ${searchTitle(search.search, search.about)}: ${plural(search.done, 'partition')} done, ${formatCount(search.taken)} at work, ${plural(search.processes, 'process', 'processes')}, ${plural(search.violations, 'violation')}`}
        </p>
      ))}
    </>
  );
}
