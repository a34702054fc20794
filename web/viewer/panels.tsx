/** What stands beside the lanes: the step, the synchronisation objects, the objects' fields, and the orders that the failure needs. */
import type { Place, ViewedPair, ViewerData } from '../../src/explain/viewer-data.js';
import { laneColour } from './lanes.jsx';
import { type ObjectState, objectsAfter, stepText, syncsAfter } from './state.js';

interface PanelProps {
  readonly data: ViewerData;
  readonly at: number;
}

const KINDS: Readonly<Record<string, string>> = {
  read: 'reads',
  write: 'writes',
  sync: 'synchronises',
  free: 'frees',
  wait: 'waits',
  resume: 'goes on',
  start: 'starts',
  end: 'ends',
  choice: 'is given a choice',
  note: 'notes',
  fail: 'fails before it is done',
};

export function StepCard({ data, at }: PanelProps) {
  const step = data.steps[at];
  if (step === undefined) return null;
  const task = data.tasks[step.task];
  const args = task?.args.map(({ name, value }) => `${name} = ${value}`).join(', ') ?? '';
  return (
    <section class="hv-card" aria-label="This step">
      <h3>
        <Lane lane={step.task} name={task?.name ?? ''} /> <span class="hv-dim">{KINDS[step.kind] ?? ''}</span>
      </h3>
      {args !== '' && <p class="hv-dim">{args}</p>}
      <p class="hv-what">{stepText(step)}</p>
      {step.before !== '' && (
        <p class="hv-what">
          {step.before} → <strong>{step.value}</strong>
        </p>
      )}
      {step.file !== '' && (
        <p class="hv-dim">
          {step.file}:{step.line}
        </p>
      )}
      {step.source !== '' && <pre class="hv-source">{step.source}</pre>}
      {step.mark !== '' && <p class="hv-verdict">⟸ {step.mark}</p>}
    </section>
  );
}

function Lane({ lane, name }: { readonly lane: number; readonly name: string }) {
  return (
    <span class="hv-lane-name" style={{ '--lane': laneColour(lane) }}>
      {name}
    </span>
  );
}

export function Syncs({ data, at }: PanelProps) {
  const syncs = syncsAfter(data, at);
  if (syncs.length === 0) return null;
  const names = (lanes: readonly number[]) =>
    lanes.map((lane, i) => <Lane key={i} lane={lane} name={data.tasks[lane]?.name ?? ''} />);
  return (
    <ul class="hv-syncs" aria-label="Locks and what tasks wait for">
      {syncs.map(({ name, holders, waiters, isChanged }, i) => (
        <li key={i} class={isChanged ? 'hv-changed' : ''}>
          <b>{name}</b>
          {holders.length > 0 ? <span>held by {names(holders)}</span> : <span class="hv-dim">free</span>}
          {waiters.length > 0 && <span class="hv-waits">awaited by {names(waiters)}</span>}
        </li>
      ))}
    </ul>
  );
}

export function Objects({ data, at }: PanelProps) {
  const objects = objectsAfter(data, at);
  return (
    <section class="hv-objects" aria-label="Fields after this step">
      <h3>Fields after this step</h3>
      {objects.length === 0 ? (
        <p class="hv-dim">no shared object is touched</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">field</th>
              <th scope="col">value</th>
              <th scope="col">before</th>
            </tr>
          </thead>
          {objects.map((object, i) => (
            <ObjectRows key={i} object={object} />
          ))}
        </table>
      )}
    </section>
  );
}

function ObjectRows({ object: { name, isNew, isFreed, fields } }: { readonly object: ObjectState }) {
  return (
    <tbody class={isFreed ? 'hv-freed' : ''}>
      <tr>
        <th colSpan={3} scope="rowgroup">
          {name}
          {isNew && <em> new</em>}
          {isFreed && <em> freed</em>}
        </th>
      </tr>
      {fields.map(({ name: field, value, was }, i) => (
        <tr key={i} class={was === null ? '' : 'hv-changed'} data-field={`${name}.${field}`}>
          <td>
            {was !== null && <span title="changed">●&nbsp;</span>}
            {field}
          </td>
          <td>{value}</td>
          <td>{was ?? ''}</td>
        </tr>
      ))}
    </tbody>
  );
}

const RELATION: Readonly<Record<ViewedPair['relation'], string>> = {
  necessary: 'turned round, the failure is gone',
  together: 'turned round together with the others of its number, the failure is gone',
  alike: 'needed as well, between the same turns',
  other: '',
};

export function Orders({ data, go }: { readonly data: ViewerData; readonly go: (step: number) => void }) {
  const orders = data.pairs.filter(({ order }) => order > 0);
  if (orders.length === 0) return null;
  const end = (place: Place) => {
    if (place === null) return <span class="hv-dim">before the first step shown</span>;
    const isStep = 'step' in place;
    const step = isStep ? data.steps[place.step] : data.later[place.later];
    if (step === undefined) return null;
    const text = (
      <>
        <Lane lane={step.task} name={data.tasks[step.task]?.name ?? ''} /> {stepText(step)}
      </>
    );
    return isStep ? (
      <button type="button" class="hv-link" onClick={() => go(place.step)}>
        {data.window.before + place.step + 1}. {text}
      </button>
    ) : (
      <span>later: {text}</span>
    );
  };
  return (
    <section class="hv-orders" aria-label="Orders that the failure needs">
      <h3>It fails only in these orders</h3>
      <ul>
        {orders.map(({ first, second, relation, order, leadsTo }, i) => (
          <li key={i} class={`hv-order hv-${relation}`}>
            <span class="hv-badge">{order}</span>
            <div>
              {end(first)}
              <span class="hv-dim">before</span>
              {end(second)}
              <span class="hv-dim">
                {RELATION[relation]}
                {leadsTo.length > 0 && relation !== 'alike' && `; from it follows ${leadsTo.join(', ')}`}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
