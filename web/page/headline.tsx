/** What one wants to know at a glance: does it run, how fast, what has it found, what is still to come. */
import type { CampaignView } from '../../src/server/api.js';
import { formatCount, formatDuration, formatShort, plural } from '../../src/ui/format.js';
import { ago, bySymptom, chance, STATES } from './words.js';

export function Headline({ campaign }: { readonly campaign: CampaignView }) {
  return (
    <div class="headline">
      <StateTile {...campaign} />
      <SpeedTile {...campaign} />
      <FindingsTile {...campaign} />
      <NewTile {...campaign} />
    </div>
  );
}

interface TileProps {
  readonly name: string;
  readonly title: string;
  readonly figure: preact.ComponentChildren;
  readonly tone?: string;
  readonly children: preact.ComponentChildren;
}

function Tile({ name, title, figure, tone = '', children }: TileProps) {
  return (
    <section class={`panel tile ${tone}`} data-tile={name} aria-label={title}>
      <h2>{title}</h2>
      <p class="figure">{figure}</p>
      <div class="facts">{children}</div>
    </section>
  );
}

function StateTile({ state, status, at, holder }: CampaignView) {
  const [word, tone, means] = STATES[state];
  const isRunning = state === 'running';
  return (
    <Tile
      name="state"
      title="Campaign"
      tone={`state-${tone}`}
      figure={
        <>
          <span class={`dot ${isRunning ? 'live' : ''}`} aria-hidden="true" /> {word}
        </>
      }
    >
      {status && <p>{`${formatDuration(status.elapsedMs)}, ${plural(status.workers, 'worker')}`}</p>}
      {status && status.workersReplaced > 0 && <p class="bad">{plural(status.workersReplaced, 'worker')} replaced</p>}
      {isRunning && status ? <p>{lastNew(status)}</p> : at !== null && <p>last word {ago(at)}</p>}
      {state === 'elsewhere' && holder && <p class="quiet">{`process ${holder.pid} on ${holder.host}`}</p>}
      {means !== '' && <p class="quiet">{means}</p>}
    </Tile>
  );
}

function lastNew({ lastNewMs, elapsedMs }: NonNullable<CampaignView['status']>): string {
  return lastNewMs === null
    ? 'nothing new yet'
    : `something new ${formatDuration(Math.max(0, elapsedMs - lastNewMs))} ago`;
}

function SpeedTile({ state, status }: CampaignView) {
  const isRunning = state === 'running' || state === 'elsewhere';
  const speed = isRunning ? status?.executionsPerSecondNow : status?.executionsPerSecond;
  return (
    <Tile
      name="speed"
      title={isRunning ? 'Executions/s' : 'Executions/s, on average'}
      figure={speed === undefined ? '-' : formatShort(speed)}
    >
      {status && (
        <>
          <p>
            <span data-figure="executions">{formatCount(status.executions)}</span> executions
          </p>
          <p class="quiet">
            {status.executions > 0 ? `${(status.points / status.executions).toFixed(1)} scheduling points each` : ' '}
          </p>
        </>
      )}
    </Tile>
  );
}

function FindingsTile({ findings, id }: CampaignView) {
  const groups = bySymptom(findings);
  return (
    <Tile
      name="findings"
      title="Findings by symptom"
      tone={findings.length > 0 ? 'state-bad' : ''}
      figure={formatCount(findings.length)}
    >
      {groups.length === 0 ? (
        <p class="quiet">none so far</p>
      ) : (
        <ul class="chips">
          {groups.map(([symptom, list]) => (
            <li key={symptom}>
              <a class="chip" href={`#/${id}/finding/${list[0]?.id}`} title={list[0]?.title}>
                <b>{symptom}</b> {list.length}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Tile>
  );
}

/** Good and Turing: the share of executions whose state was seen once is the chance that the next one ends in a new state. */
function NewTile({ state, status }: CampaignView) {
  if (!status)
    return <Tile name="new" title="Still to come" figure="-" children={<p class="quiet">no statistics yet</p>} />;
  const { chanceOfNew: p, executionsPerSecondNow: speed } = status;
  const rate = p * speed;
  const pace = rate >= 1 ? `${formatShort(rate)} a second` : rate > 0 ? `one in ${formatDuration(1000 / rate)}` : '';
  return (
    <Tile name="new" title="Still to come" figure={chance(p)}>
      {p > 0 ? (
        <>
          <p>chance that the next execution ends in a new state</p>
          {state === 'running' && pace !== '' && <p class="quiet">at this speed {pace} (Good–Turing)</p>}
        </>
      ) : (
        <p>each state was seen more than once: these strategies reach nothing new</p>
      )}
    </Tile>
  );
}
