/** Speed, coverage and states of one campaign. */
import { useMemo, useState } from 'preact/hooks';
import type { CampaignView, SeriesPoint } from '../../src/server/api.js';
import { formatCount, formatShort } from '../../src/ui/format.js';
import { Chart } from './chart.jsx';
import { useSeries } from './data.js';
import { useKeys } from './keys.js';

type Axis = 'executions' | 'time';

export function Charts({ campaign }: { readonly campaign: CampaignView }) {
  const points = useSeries(campaign);
  const [axis, setAxis] = useState<Axis>('executions');
  useKeys({ x: () => setAxis((old) => (old === 'executions' ? 'time' : 'executions')) });
  const time = useMemo(() => points.map(({ at }) => at / 1000), [points]);
  const total = useMemo(() => points.map((point) => point.total), [points]);
  const speed = useMemo(() => points.map(({ executionsPerSecondNow }) => executionsPerSecondNow), [points]);
  const features = useMemo(() => points.map((point) => point.features), [points]);
  const states = useMemo(() => points.map((point) => point.states), [points]);
  const last = points.at(-1);
  const count = last ? formatCount(last.features) : '-';
  return (
    <div class="charts">
      <Chart
        title="Executions/s"
        label="Executions a second over time"
        x={time}
        y={speed}
        isTime
        now={last ? `${formatShort(last.executionsPerSecondNow)}/s` : '-'}
      />
      <Chart
        title="Coverage"
        label={`Features over ${axis}`}
        x={axis === 'time' ? time : total}
        y={features}
        isTime={axis === 'time'}
        now={`${count} features`}
      >
        <AxisChoice axis={axis} choose={setAxis} />
      </Chart>
      <Chart title="States" label="Different states over time" x={time} y={states} isTime now={newStates(points)} />
    </div>
  );
}

function AxisChoice({ axis, choose }: { readonly axis: Axis; readonly choose: (axis: Axis) => void }) {
  return (
    <fieldset class="segments">
      <legend class="unseen">Coverage over</legend>
      {(['executions', 'time'] as const).map((one) => (
        <label key={one}>
          <input type="radio" name="axis" checked={axis === one} onChange={() => choose(one)} />
          <span>{one}</span>
        </label>
      ))}
    </fieldset>
  );
}

const RECENT_MS = 60_000;

/** How many there are, and how many of them came in the last minute of the run. */
function newStates(points: readonly SeriesPoint[]): string {
  const last = points.at(-1);
  if (!last) return '-';
  const before = points.find(({ at }) => at >= last.at - RECENT_MS) ?? last;
  const fresh = Math.max(0, last.states - before.states);
  const seconds = Math.round((last.at - before.at) / 1000);
  return `${formatShort(last.states)}${seconds > 0 ? `, ${formatShort(fresh)} new in ${seconds} s` : ''}`;
}
