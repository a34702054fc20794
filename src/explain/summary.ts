/** A finding in one paragraph. */
import type { FindingRecord } from '../findings/finding.js';
import type { CausalityText, LikelihoodText, StepText } from './explanation.js';

/** More orders are counted, not listed. The last ones are nearest to the failure. */
const ORDERS_MAX = 3;

export const stepText = ({ task, function: name, operation }: StepText): string =>
  `${task}${name === '' ? '' : ` in ${name}`}: ${operation}`;

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

interface Parts {
  readonly causality: CausalityText;
  readonly likelihood: LikelihoodText | null;
  /** Preemptions that come after what the diagram shows. */
  readonly later: number;
}

export function summaryOf(record: FindingRecord, { causality, likelihood, later }: Parts): string {
  const { design, scene, title, schedule, preemptions } = record;
  const events = schedule.events.map(({ event, args }) => (args.length > 0 ? `${event}(${args.join(', ')})` : event));
  const needs =
    preemptions === 0 ? 'no preemption' : preemptions === 1 ? 'one preemption' : `${preemptions} preemptions`;
  const sentences = [
    `In design ${design}, scene ${scene}, ${events.join(', ')} can end in this: ${title}.`,
    `The schedule has ${needs}${laterText(later, preemptions)}${minimalityText(record)}.`,
    ordersText(causality),
    likelihood === null ? '' : likelihoodText(likelihood),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** `, 2 of them after the failure`: the diagram ends there. */
function laterText(later: number, preemptions: number): string {
  if (later === 0) return '';
  if (later === preemptions) return ', after the failure';
  return `, ${later} of them after the failure`;
}

/** `, and it is proved that fewer do not suffice`; empty if it was not looked for. */
function minimalityText({ minimality, preemptions }: FindingRecord): string {
  if (minimality === undefined) return '';
  if (minimality.proved) return preemptions === 0 ? '' : ', and it is proved that fewer do not suffice';
  return `; that at least ${minimality.atLeast} are needed is proved`;
}

function ordersText({ causes, complete }: CausalityText): string {
  if (causes.length === 0) {
    return complete
      ? 'No order of two steps is needed for it: it fails without a race, or in more than one way.'
      : 'Which orders it needs is not known: the budget was used up.';
  }
  const shown = causes.slice(-ORDERS_MAX);
  const before = causes.length - shown.length;
  const orders = shown.map(({ first, second }) => `${stepText(first)} comes before ${stepText(second)}`);
  const more = before > 0 ? ` (and ${before} earlier ${before === 1 ? 'order' : 'orders'})` : '';
  return `It fails only if ${listOf(orders)}${more}.`;
}

function likelihoodText({ points, turningPoint }: LikelihoodText): string {
  const start = points[0]?.share ?? 0;
  const from = `Continued at random from its start, ${percent(start)} of the runs fail`;
  if (turningPoint === null) return `${from}; no single step makes it much more likely.`;
  const { before, after } = turningPoint;
  return `${from}; it becomes likely with ${stepText(turningPoint)} (${percent(before)} before, ${percent(after)} after).`;
}

function listOf(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join('; ')}; and ${last}`;
}
