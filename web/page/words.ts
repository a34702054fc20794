/** What the page says in more than one place. Pure. */
import type { CampaignView, FindingSummary } from '../../src/server/api.js';
import { formatDuration, plural } from '../../src/ui/format.js';

export const STATES: Readonly<Record<CampaignView['state'], readonly [word: string, tone: string, means: string]>> = {
  running: ['Running', 'good', ''],
  elsewhere: ['Running elsewhere', 'warn', 'a process of another host has it; whether it lives cannot be known here'],
  ended: ['Stopped', 'plain', 'it ended by itself or was interrupted'],
  died: ['Stopped: died', 'bad', 'its process is gone without a last word; heddle fuzz goes on with it'],
  unreadable: ['Unreadable', 'bad', 'its folder cannot be read'],
};

/** Of the exhaustive search of a scene. */
export const SEARCH_STATES: Readonly<Record<NonNullable<CampaignView['status']>['searches'][number]['state'], string>> =
  {
    waiting: 'waits for its turn',
    building: 'its model is being built',
    searching: 'searching',
    exhausted: 'every schedule searched',
    stopped: 'stopped',
  };

export function nameOf({ model, design, name }: CampaignView): string {
  return model === '' ? name : `${model} ${design}`.trim();
}

export function ago(at: number): string {
  return `${formatDuration(Math.max(0, Date.now() - at))} ago`;
}

/** Symptoms with the number of their findings; numbered ones (S1) first, `other` last. */
export function bySymptom(
  findings: readonly FindingSummary[],
): (readonly [symptom: string, findings: FindingSummary[]])[] {
  const groups = new Map<string, FindingSummary[]>();
  for (const finding of findings) groups.set(finding.symptom, [...(groups.get(finding.symptom) ?? []), finding]);
  const rank = (symptom: string): number => (symptom === 'other' ? 2 : /^[A-Z]\d+$/.test(symptom) ? 0 : 1);
  return [...groups].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true }));
}

/** `0.4 %`; below that, `1 in 12,300`. */
export function chance(p: number): string {
  if (!(p > 0)) return '0';
  if (p >= 0.001) return `${(p * 100).toFixed(p >= 0.1 ? 0 : 1)} %`;
  return `1 in ${Math.round(1 / p).toLocaleString('en')}`;
}

export function sizeOf({ events, preemptions, minimized, proved }: FindingSummary): string {
  const how = proved ? 'proved minimal' : minimized ? 'minimized' : 'as found';
  return `${plural(events, 'event')}, ${plural(preemptions, 'preemption')}, ${how}`;
}
