/** The campaigns as Prometheus reads them. The client is loaded when somebody asks. */
import type { Registry } from 'prom-client';
import type { CampaignView } from './api.js';
import type { Source } from './source.js';

export interface Metrics {
  readonly type: string;
  readonly text: string;
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** One metric a call; a campaign without the figure has no sample. */
class Writer {
  constructor(
    private readonly client: typeof import('prom-client'),
    private readonly registry: Registry,
  ) {}

  gauge(name: string, help: string, labelNames: readonly string[], samples: readonly Sample[]): void {
    const gauge = new this.client.Gauge({ name, help, labelNames: [...labelNames], registers: [this.registry] });
    for (const [labels, value] of samples) gauge.set(labels, value);
  }

  counter(name: string, help: string, labelNames: readonly string[], samples: readonly Sample[]): void {
    const counter = new this.client.Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
    for (const [labels, value] of samples) counter.inc(labels, Math.max(0, value));
  }
}

const CAMPAIGN = ['campaign', 'id', 'model', 'design', 'scene'] as const;

export async function metricsOf(source: Pick<Source, 'campaigns' | 'hub'>): Promise<Metrics> {
  const client = await import('prom-client');
  const registry = new client.Registry();
  const writer = new Writer(client, registry);
  campaignMetrics(writer, source.campaigns());
  hubMetrics(writer, source);
  return { type: registry.contentType, text: await registry.metrics() };
}

function labelsOf({ name, id, model, design, scene }: CampaignView): Record<string, string> {
  return { campaign: name, id, model, design, scene: scene ?? '' };
}

function campaignMetrics(writer: Writer, campaigns: readonly CampaignView[]): void {
  type Status = NonNullable<CampaignView['status']>;
  const each = (value: (campaign: CampaignView) => number): Sample[] =>
    campaigns.map((campaign) => [labelsOf(campaign), value(campaign)]);
  const stats = (value: (status: Status) => number): Sample[] =>
    campaigns.flatMap((one): Sample[] => (one.status ? [[labelsOf(one), value(one.status)]] : []));
  writer.gauge(
    'heddle_campaign_state',
    '1 for the state that the campaign is in',
    [...CAMPAIGN, 'state'],
    campaigns.map((campaign) => [{ ...labelsOf(campaign), state: campaign.state }, 1]),
  );
  const at = campaigns.flatMap((one): Sample[] => (one.at === null ? [] : [[labelsOf(one), one.at / 1000]]));
  writer.gauge('heddle_stats_timestamp_seconds', 'when the campaign last wrote its statistics', CAMPAIGN, at);
  const gauge = (name: string, help: string, value: (status: Status) => number): void =>
    writer.gauge(name, help, CAMPAIGN, stats(value));
  const counter = (name: string, help: string, value: (status: Status) => number): void =>
    writer.counter(name, help, CAMPAIGN, stats(value));
  counter('heddle_executions_total', 'executions of this run', (s) => s.executions);
  counter('heddle_points_total', 'scheduling points of this run', (s) => s.points);
  counter('heddle_known_hits_total', 'executions that met only what is known', (s) => s.knownHits);
  counter('heddle_workers_replaced_total', 'workers that said nothing and were replaced', (s) => s.workersReplaced);
  counter('heddle_unsteady_total', 'findings that did not recur', (s) => s.unsteady);
  counter('heddle_imported_total', 'schedules from elsewhere that were admitted', (s) => s.imported);
  counter('heddle_refused_total', 'schedules from elsewhere that were refused', (s) => s.refused);
  gauge('heddle_executions_per_second', 'executions a second over the last seconds', (s) => s.executionsPerSecondNow);
  gauge('heddle_run_seconds', 'how long this run has lasted', (s) => s.elapsedMs / 1000);
  gauge('heddle_corpus_entries', 'schedules in the corpus', (s) => s.corpus);
  gauge('heddle_features', 'features reached', (s) => s.features);
  gauge('heddle_states', 'different states at the end of executions, of one worker', (s) => s.states);
  gauge(
    'heddle_chance_of_new',
    'chance that the next execution ends in a new state (Good and Turing)',
    (s) => s.chanceOfNew,
  );
  gauge('heddle_sites_reached', 'places of the model that were reached', (s) => s.sitesReached);
  gauge('heddle_sites', 'places of the model', (s) => s.sitesTotal);
  gauge('heddle_workers', 'worker threads', (s) => s.workers);
  writer.gauge(
    'heddle_quarantined',
    'inputs in quarantine',
    CAMPAIGN,
    each((c) => c.quarantined),
  );
  writer.gauge(
    'heddle_folder_bytes',
    'size of the folder',
    CAMPAIGN,
    each((c) => c.bytes),
  );
  writer.gauge(
    'heddle_problems',
    'things in the folder that cannot be read',
    CAMPAIGN,
    each((c) => c.problems.length),
  );
  writer.gauge(
    'heddle_findings',
    'findings of all runs, by symptom',
    [...CAMPAIGN, 'symptom'],
    campaigns.flatMap(symptoms),
  );
  for (const [what, help] of [
    ['executions', 'executions of a strategy in this run'],
    ['entries', 'corpus entries that a strategy gained in this run'],
    ['findings', 'findings that a strategy gained in this run'],
  ] as const) {
    const samples = campaigns.flatMap((one) =>
      Object.entries(one.status?.strategies ?? {}).map(([strategy, gained]): Sample => {
        return [{ ...labelsOf(one), strategy }, gained[what]];
      }),
    );
    writer.counter(`heddle_strategy_${what}_total`, help, [...CAMPAIGN, 'strategy'], samples);
  }
}

function symptoms(campaign: CampaignView): Sample[] {
  const counts = new Map<string, number>();
  for (const { symptom } of campaign.findings) counts.set(symptom, (counts.get(symptom) ?? 0) + 1);
  return [...counts].map(([symptom, n]) => [{ ...labelsOf(campaign), symptom }, n]);
}

function hubMetrics(writer: Writer, source: Pick<Source, 'hub'>): void {
  const hub = source.hub();
  if (hub === null) return;
  writer.gauge('heddle_hub_up', 'whether the hub answered', [], [[{}, hub.status === null ? 0 : 1]]);
  if (hub.status === null) return;
  const { peers, corpus, findings } = hub.status;
  const speed = peers.reduce((sum, peer) => sum + peer.executionsPerSecond, 0);
  const streams = [corpus, findings].flatMap((stream) => stream ?? []);
  writer.gauge('heddle_hub_peers', 'campaigns on the hub', [], [[{}, peers.length]]);
  writer.gauge(
    'heddle_hub_executions_per_second',
    'executions a second of all campaigns on the hub',
    [],
    [[{}, speed]],
  );
  writer.gauge(
    'heddle_hub_messages',
    'messages in a stream of the hub',
    ['stream'],
    streams.map((s) => [{ stream: s.name }, s.messages]),
  );
  writer.gauge(
    'heddle_hub_bytes',
    'bytes of a stream of the hub',
    ['stream'],
    streams.map((s) => [{ stream: s.name }, s.bytes]),
  );
}
