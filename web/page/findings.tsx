/** All findings, by symptom. */
import type { CampaignView, FindingSummary } from '../../src/server/api.js';
import { plural } from '../../src/ui/format.js';
import { ago, bySymptom, sizeOf } from './words.js';

export function Findings({ campaign }: { readonly campaign: CampaignView }) {
  const groups = bySymptom(campaign.findings);
  return (
    <section class="panel" aria-labelledby="findings">
      <header>
        <h2 id="findings" tabIndex={-1}>
          Findings
        </h2>
        <span class="now">{plural(campaign.findings.length, 'finding')}</span>
      </header>
      {groups.length === 0 && (
        <p class="quiet">None so far. What was not reached was not checked: heddle coverage tells.</p>
      )}
      {groups.map(([symptom, list]) => (
        <div class="group" key={symptom}>
          <h3>{symptom}</h3>
          <ul class="rows">
            {list.map((finding) => (
              <li key={finding.id}>
                <FindingRow campaign={campaign.id} finding={finding} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function FindingRow({ campaign, finding }: { readonly campaign: string; readonly finding: FindingSummary }) {
  const { id, title, scene, seen } = finding;
  return (
    <a class="row" href={`#/${campaign}/finding/${id}`} data-row>
      <span class="title">{title}</span>
      <span class="quiet">
        {`scene ${scene}; ${sizeOf(finding)}`}
        {seen && `; first seen ${ago(seen.first)}`}
      </span>
    </a>
  );
}
