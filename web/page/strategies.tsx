/** What each strategy has cost and gained. */
import type { CampaignView } from '../../src/server/api.js';
import { formatShort } from '../../src/ui/format.js';

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
    </section>
  );
}
