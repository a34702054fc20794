/** One finding: what happens, step by step, which orders it needs, and how to see it again. */
import { percent, stepText } from '../../src/explain/summary.js';
import type { OrderText, PairText } from '../../src/explain/explanation.js';
import type { ExplanationView, FindingView } from '../../src/server/api.js';
import { plural } from '../../src/ui/format.js';
import { useFetched } from './data.js';
import { Badge, Command, RunView, Waiting } from './detail.jsx';
import { ago } from './words.js';

export function Finding({ campaign, id }: { readonly campaign: string; readonly id: string }) {
  const base = `api/campaigns/${campaign}/findings/${id}`;
  const { data, problem } = useFetched<FindingView>(base);
  const explained = useFetched<ExplanationView>(data && `${base}/explanation`, data?.schedule);
  if (!data) return <Waiting problem={problem} what="reading the finding" />;
  const { title, symptom, kind, signature, design, scene, events, preemptions, minimality, seen, foundBy } = data;
  const symptomTitle = explained.data?.symptomTitle ?? '';
  return (
    <article class="detail">
      <h1>{title}</h1>
      <ul class="badges">
        <Badge name="symptom">
          <b>{symptom}</b>
          {symptomTitle !== '' && ` ${symptomTitle}`}
        </Badge>
        <Badge name="design">{design}</Badge>
        <Badge name="scene">{scene}</Badge>
        <Badge name="schedule">{`${plural(events, 'event')}, ${plural(preemptions, 'preemption')}`}</Badge>
        {minimality && (
          <Badge name="fewer">
            {minimality.proved ? 'proved impossible' : `at least ${minimality.atLeast} needed`}
          </Badge>
        )}
        <Badge name="signature">
          <code>{`${kind}-${signature}`}</code>
        </Badge>
        {foundBy !== '' && <Badge name="found by">{foundBy}</Badge>}
        {seen && <Badge name="seen">{`${ago(seen.first)}, ${plural(seen.runs, 'run')}`}</Badge>}
      </ul>
      <p class="summary">{explained.data?.summary ?? ''}</p>
      <RunView url={`${base}/run`} />
      <section class="panel" aria-label="Orders that it needs">
        <header>
          <h2>Orders that it needs</h2>
        </header>
        {explained.data ? (
          <Causes {...explained.data} />
        ) : (
          <Waiting problem={explained.problem} what="turning orders round" />
        )}
      </section>
      <section class="panel" aria-label="Diagram">
        <header>
          <h2>Diagram</h2>
          <span class="now">time runs downwards</span>
        </header>
        <pre class="diagram">{data.diagram}</pre>
      </section>
      <section class="panel" aria-label="To see it again">
        <header>
          <h2>To see it again</h2>
        </header>
        <Command text={data.command} />
        <details>
          <summary>Schedule</summary>
          <pre>{data.schedule}</pre>
        </details>
        <details>
          <summary>Report</summary>
          <pre>{data.report}</pre>
        </details>
      </section>
    </article>
  );
}

function Causes({ causality, likelihood }: ExplanationView) {
  const { causes, tried, benign, forced, complete } = causality;
  const turn = likelihood?.turningPoint;
  return (
    <>
      {causes.length === 0 && (
        <p>
          {complete ? 'None: it fails without a race, or in more than one way.' : 'Not known: the budget was used up.'}
        </p>
      )}
      <ol class="causes">
        {causes.map((cause, i) => (
          <li key={i}>
            <Order {...cause} />
          </li>
        ))}
      </ol>
      {turn && (
        <p>
          It becomes likely with <span class="step">{stepText(turn)}</span>: {percent(turn.before)} before,{' '}
          {percent(turn.after)} after.
        </p>
      )}
      <p class="quiet">
        {`${tried} orders tried: ${benign} do not matter, ${forced} cannot be another one${complete ? '' : '; the budget was used up'}.`}
      </p>
    </>
  );
}

function Order({ first, second, members, alike, leadsTo }: OrderText) {
  return (
    <>
      <Pair first={first} second={second} />
      {members.length > 0 && <Pairs title="together with" pairs={members} />}
      {alike.length > 0 && <Pairs title="and, between the same turns," pairs={alike} />}
      {leadsTo.length > 0 && <p class="quiet">{`from it follows ${leadsTo.map((n) => n + 1).join(', ')}`}</p>}
    </>
  );
}

function Pair({ first, second }: PairText) {
  return (
    <p class="order">
      <span class="step">{stepText(first)}</span> <b>before</b> <span class="step">{stepText(second)}</span>
    </p>
  );
}

function Pairs({ title, pairs }: { readonly title: string; readonly pairs: readonly PairText[] }) {
  return (
    <details>
      <summary class="quiet">{`${title} ${plural(pairs.length, 'pair')}`}</summary>
      {pairs.map((pair, i) => (
        <Pair key={i} {...pair} />
      ))}
    </details>
  );
}
