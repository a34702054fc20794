/** What the server answers, as JSON: docs/serve.md has every field. Types only; the page imports them. */
import type { Sample } from '../campaign/series.js';
import type { Seen } from '../campaign/seen.js';
import type { Standing } from '../campaign/standing.js';
import type { CampaignStatus } from '../campaign/types.js';
import type { Sidecar } from '../corpus/store.js';
import type { CausalityText, LikelihoodText } from '../explain/explanation.js';
import type { FindingRecord } from '../findings/finding.js';
import type { HubStatus } from '../sync/hub/status.js';

/** Version of all documents below. */
export const SERVE_SCHEMA = 'heddle.serve/1';

/** One campaign, as its folder tells. */
export interface CampaignView
  extends Pick<Standing, 'dir' | 'model' | 'design' | 'scene' | 'seed' | 'quarantined' | 'torn' | 'bytes'> {
  /** 12 hex digits of a hash of its folder's path. */
  readonly id: string;
  /** Its folder's name. */
  readonly name: string;
  readonly state: Standing['state'] | 'unreadable';
  /** Why it, or a part of it, cannot be read; empty if nothing is wrong. */
  readonly problems: readonly string[];
  readonly holder: { readonly pid: number; readonly host: string } | null;
  /** When the statistics were written, milliseconds since 1970; null: never. */
  readonly at: number | null;
  /** null: never written, or not as this version writes them. */
  readonly status: CampaignStatus | null;
  readonly findings: readonly FindingSummary[];
}

export interface FindingSummary
  extends Pick<FindingRecord, 'title' | 'kind' | 'symptom' | 'signature' | 'scene' | 'preemptions' | 'minimized'> {
  /** Name of its folder. */
  readonly id: string;
  readonly events: number;
  readonly proved: boolean;
  readonly seen: Seen | null;
}

/** A sample with the executions of all runs up to it; `executions` alone begins anew with each run. */
export interface SeriesPoint extends Omit<Sample, 'rss'> {
  readonly total: number;
}

export interface FindingView extends FindingSummary {
  readonly design: string;
  readonly diagram: string;
  readonly report: string;
  /** As text. */
  readonly schedule: string;
  readonly minimality: FindingRecord['minimality'] | null;
  /** Executions of the campaign when it was found. */
  readonly executions: number;
  /** How the campaign came to it, in words; empty if the finding does not tell. */
  readonly foundBy: string;
  /** To paste. */
  readonly command: string;
}

/** Computed from a run of the model; takes seconds. */
export interface ExplanationView {
  readonly summary: string;
  /** The model's words for its symptom; empty if it has none. */
  readonly symptomTitle: string;
  readonly causality: CausalityText;
  readonly likelihood: LikelihoodText | null;
}

export interface CorpusRow {
  readonly id: string;
  /** From the journal; null: it does not tell. */
  readonly at: number | null;
  readonly origin: string | null;
  readonly parent: string | null;
  /** Features that nothing had reached before. */
  readonly fresh: number | null;
}

export interface CorpusPage {
  /** Entries that fit the filter. */
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly CorpusRow[];
}

export interface EntryView extends CorpusRow {
  readonly scene: string;
  readonly events: readonly string[];
  readonly deviations: number;
  readonly choices: number;
  /** The schedule as text. */
  readonly schedule: string;
  /** null: missing or unreadable. */
  readonly sidecar: Pick<Sidecar, 'state' | 'model'> | null;
  /** Features that its run reached; null without a sidecar. */
  readonly features: number | null;
  readonly command: string;
}

/** `problem`: why there is no status. */
export type HubView =
  | { readonly problem: null; readonly status: HubStatus }
  | { readonly problem: string; readonly status: null };

export interface ErrorView {
  readonly error: string;
  readonly hint?: string;
}

/** What the stream sends, whenever something has changed. */
export interface StreamMessage {
  readonly schema: typeof SERVE_SCHEMA;
  readonly version: string;
  readonly campaigns: readonly CampaignView[];
  /** null: no hub was named. */
  readonly hub: HubView | null;
}
