/** The corpus browser: newest entries first, searched by id or origin. */
import { useEffect, useState } from 'preact/hooks';
import type { CampaignView, CorpusPage } from '../../src/server/api.js';
import { formatCount, plural } from '../../src/ui/format.js';
import { useFetched } from './data.js';
import { ago } from './words.js';

const ROWS = 12;

export function Corpus({ campaign }: { readonly campaign: CampaignView }) {
  const [filter, setFilter] = useState('');
  const [offset, setOffset] = useState(0);
  useEffect(() => setOffset(0), [filter, campaign.id]);
  const query = `offset=${offset}&limit=${ROWS}&filter=${encodeURIComponent(filter)}`;
  const size = campaign.status?.corpus;
  const { data, problem } = useFetched<CorpusPage>(`api/campaigns/${campaign.id}/corpus?${query}`, size);
  return (
    <section class="panel" aria-labelledby="corpus">
      <header>
        <h2 id="corpus" tabIndex={-1}>
          Corpus
        </h2>
        <span class="now">{data ? plural(data.total, 'entry', 'entries') : ''}</span>
        <input
          id="corpus-filter"
          type="search"
          placeholder="id or origin"
          aria-label="Search the corpus by id or origin"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value.trim())}
        />
      </header>
      {problem !== '' && <p class="bad">{problem}</p>}
      {data && data.rows.length === 0 && <p class="quiet">no entry{filter === '' ? ' yet' : ` fits “${filter}”`}</p>}
      {data && data.rows.length > 0 && (
        <ul class="rows">
          {data.rows.map(({ id, origin, fresh, at }) => (
            <li key={id}>
              <a class="row" href={`#/${campaign.id}/entry/${id}`} data-row>
                <code>{id}</code>
                <span class="quiet">
                  {`by ${origin ?? 'unknown'}`}
                  {fresh !== null && `; ${plural(fresh, 'new feature')}`}
                  {at !== null && `; ${ago(at)}`}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
      {data && data.total > ROWS && (
        <nav class="pages" aria-label="Pages of the corpus">
          <button type="button" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - ROWS))}>
            newer
          </button>
          <span class="quiet">{`${formatCount(offset + 1)}–${formatCount(offset + data.rows.length)} of ${formatCount(data.total)}`}</span>
          <button type="button" disabled={offset + ROWS >= data.total} onClick={() => setOffset(offset + ROWS)}>
            older
          </button>
        </nav>
      )}
    </section>
  );
}
