/** What each strategy has cost and gained, and how far the exhaustive searches beside them are. */
import type { CampaignView } from '../../src/server/api.js';
import { formatShort } from '../../src/ui/format.js';
import { SEARCH_STATES } from './words.js';

export function Strategies({ status }: Pick<CampaignView, 'status'>) {
  const rows = Object.entries(status?.strategies ?? {}).sort(([, a], [, b]) => b.executions - a.executions);
  const most = Math.max(1, ...rows.map(([, { executions }]) => executions));
  return (
    <section class="panel" aria-labelledby="strategies">
      <header>
        <h2 id="strategies">Strategies</h2>
        <span class="now">yield of this run</span>
      </header>
      {rows.length === 0 ? (
        <p class="quiet">nothing has run yet</p>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">strategy</th>
                <th scope="col" class="number">
                  executions
                </th>
                <th scope="col" class="bar">
                  <span class="unseen">share</span>
                </th>
                <th scope="col" class="number">
                  entries
                </th>
                <th scope="col" class="number">
                  findings
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(([name, { executions, entries, findings }]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td class="number">{formatShort(executions)}</td>
                  <td class="bar">
                    <span style={{ width: `${(100 * executions) / most}%` }} />
                  </td>
                  <td class="number">{formatShort(entries)}</td>
                  <td class={`number ${findings > 0 ? 'bad' : ''}`}>{formatShort(findings)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Searches searches={status?.searches ?? []} />
    </section>
  );
}

type SceneSearches = NonNullable<CampaignView['status']>['searches'];

/** A row a scene; nothing where the campaign searches none. */
function Searches({ searches }: { readonly searches: SceneSearches }) {
  if (searches.length === 0) return null;
  return (
    <div class="scroll">
      <table data-table="searches">
        <thead>
          <tr>
            <th scope="col">exhaustive search</th>
            <th scope="col">how far</th>
            <th scope="col" class="number">
              states
            </th>
            <th scope="col" class="number">
              transitions
            </th>
          </tr>
        </thead>
        <tbody>
          {searches.map(({ scene, state, states, transitions, reason }) => (
            <tr key={scene}>
              <th scope="row">{scene}</th>
              <td>{state === 'stopped' ? `stopped: ${reason}` : SEARCH_STATES[state]}</td>
              <td class="number">{formatShort(states)}</td>
              <td class="number">{formatShort(transitions)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
