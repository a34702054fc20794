/**
 * The sites of a model as schedules name them. Every step of every run that becomes portable is named, so each name is made once a model.
 */
import type { Manifest } from '../build/manifest.js';
import { LIMITS, type SiteRef } from '../schedule/schedule.js';
import { siteKey } from '../schedule/site.js';
import type { TraceStep } from './types.js';

export interface NamedSite {
  readonly site: SiteRef;
  /** `siteKey` of it. */
  readonly key: string;
  /** The same for equal keys, below 2^20. */
  readonly id: number;
}

class NamedSites {
  private readonly known = new Map<number, NamedSite>();
  private readonly ids = new Map<string, number>();

  constructor(private readonly manifest: Manifest) {}

  of({ kind, site }: Pick<TraceStep, 'kind' | 'site'>): NamedSite {
    const place = kind === 'exit' ? -2 : kind === 'block' ? 2 * site + 1 : 2 * site;
    const known = this.known.get(place);
    if (known) return known;
    const ref = refOf(kind, site, this.manifest);
    const key = siteKey(ref);
    const id = this.ids.get(key) ?? this.ids.size;
    this.ids.set(key, id);
    const named = { site: ref, key, id };
    this.known.set(place, named);
    return named;
  }
}

const tables = new WeakMap<Manifest, NamedSites>();

/** Of one model: what tells the site of a decision as schedules name it. */
export function namesOf(manifest: Manifest): Pick<NamedSites, 'of'> {
  let table = tables.get(manifest);
  if (table === undefined) {
    table = new NamedSites(manifest);
    tables.set(manifest, table);
  }
  return table;
}

/** The site of a decision as schedules name it. */
export function namedSite(entry: Pick<TraceStep, 'kind' | 'site'>, manifest: Manifest): NamedSite {
  return namesOf(manifest).of(entry);
}

function refOf(kind: TraceStep['kind'], index: number, manifest: Manifest): SiteRef {
  if (kind === 'exit') return { function: '', operation: 'exit', field: '', ordinal: 0 };
  const site = manifest.sites[index];
  const operation = kind === 'block' ? 'block' : (site?.operation ?? 'point');
  if (!site) return { function: '(unknown)', operation, field: '', ordinal: 0 };
  const name = (text: string): string => text.slice(0, LIMITS.nameLength);
  return { function: name(site.function), operation: name(operation), field: name(site.field), ordinal: site.ordinal };
}
