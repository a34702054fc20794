/** One entry of the corpus, decoded. */
import type { EntryView } from '../../src/server/api.js';
import { plural } from '../../src/ui/format.js';
import { useFetched } from './data.js';
import { Badge, Command, RunView, Waiting } from './detail.jsx';
import { ago } from './words.js';

export function Entry({ campaign, id }: { readonly campaign: string; readonly id: string }) {
  const base = `api/campaigns/${campaign}/corpus/${id}`;
  const { data, problem } = useFetched<EntryView>(base);
  if (!data) return <Waiting problem={problem} what="reading the entry" />;
  const { scene, events, deviations, choices, origin, parent, fresh, features, sidecar, at, schedule, command } = data;
  return (
    <article class="detail">
      <h1>
        Entry <code>{id}</code>
      </h1>
      <ul class="badges">
        <Badge name="scene">{scene}</Badge>
        <Badge name="events">{events.join(' ‖ ')}</Badge>
        <Badge name="decisions">{`${plural(deviations, 'deviation')}, ${plural(choices, 'choice')}`}</Badge>
        {origin !== null && <Badge name="by">{origin}</Badge>}
        {parent !== null && parent !== '' && (
          <Badge name="from">
            <a href={`#/${campaign}/entry/${parent}`}>
              <code>{parent}</code>
            </a>
          </Badge>
        )}
        {fresh !== null && <Badge name="new features">{fresh}</Badge>}
        {features !== null && <Badge name="features of its run">{features}</Badge>}
        {sidecar && (
          <Badge name="state">
            <code>{sidecar.state}</code>
          </Badge>
        )}
        {at !== null && <Badge name="found">{ago(at)}</Badge>}
      </ul>
      <RunView url={`${base}/run`} />
      <section class="panel" aria-label="Schedule">
        <header>
          <h2>Schedule</h2>
        </header>
        <Command text={command} />
        <pre>{schedule}</pre>
      </section>
    </article>
  );
}
