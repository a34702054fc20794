/**
 * Why an exhausted search may have missed a symptom all the same. The search tells each kind of finding at each place once, of memory once for
 * each culprit, and some symptoms ask for more; and it does not look for everything. Pure.
 */
import type { SymptomDeclaration } from '../executor/declarations.js';
import { COSTLY_KINDS } from '../executor/oracles.js';
import type { FindingRecord } from '../findings/finding.js';
import { NO_SYMPTOM, type SymptomFacts, symptomOf } from '../findings/symptom.js';

/** What is the same in all runs that fail with one kind at one place. */
const FIXED = ['kind', 'function', 'field', 'invariant', 'message'];
/** What the search tells apart besides: who used which object, and who had freed it. */
const CULPRIT = ['object', 'task', 'freed', 'by'];
const STEP_LIMIT = 'step-limit';
const FREED_KINDS = ['use-after-free', 'double-free', 'leak'];

const NO_FACTS: SymptomFacts = {
  kind: [],
  object: [],
  field: [],
  function: [],
  invariant: [],
  message: [],
  allocated: [],
  freed: [],
  cleared: [],
  task: [],
  by: [],
  interrupted: [],
};

/**
 * Reasons not to call `row` absent; empty if there are none. `found`: all that this design has shown; `kinds`: of the row's findings in any design;
 * `mayRepeat`: a run of this design may go on for ever.
 */
export function doubtsOf(
  row: string,
  symptoms: readonly SymptomDeclaration[],
  found: readonly FindingRecord[],
  kinds: ReadonlySet<string>,
  mayRepeat: boolean,
): readonly string[] {
  const doubts: string[] = [];
  const symptom = symptoms.find(({ name }) => name === row) ?? null;
  const unseen = symptom === null ? [] : COSTLY_KINDS.filter((kind) => asksForKind(symptom, kind));
  if (unseen.length > 0) doubts.push(`the search does not look for ${unseen.join(', ')}`);
  const isEndless = symptom === null ? kinds.has(STEP_LIMIT) : asksForKind(symptom, STEP_LIMIT);
  if (mayRepeat && isEndless) doubts.push('the search does not look for runs that go on for ever');
  const hiding = found.find((record) => hides(record, symptom, symptoms));
  if (hiding) doubts.push(`${hiding.title} is told once for its place, which may hide it`);
  return doubts;
}

function asksForKind({ conditions }: SymptomDeclaration, kind: string): boolean {
  const only = conditions.filter(({ key }) => key === 'kind');
  return (
    only.length > 0 && symptomOf([{ name: 'it', title: '', conditions: only }], { ...NO_FACTS, kind: [kind] }) === 'it'
  );
}

/** Could another run that fails with the record's kind at its place show the symptom (null: none of them) instead of the record's? */
function hides(
  record: FindingRecord,
  symptom: SymptomDeclaration | null,
  symptoms: readonly SymptomDeclaration[],
): boolean {
  if (symptoms.length === 0 || record.symptom === (symptom?.name ?? NO_SYMPTOM)) return false;
  const own = symptoms.find(({ name }) => name === record.symptom) ?? null;
  const varies = record.kind === 'deadlock' || asksForMore(symptom, record.kind) || asksForMore(own, record.kind);
  return varies && (symptom === null || fitsPlace(symptom, record));
}

function asksForMore(symptom: SymptomDeclaration | null, kind: string): boolean {
  const told = FREED_KINDS.includes(kind) ? [...FIXED, ...CULPRIT] : FIXED;
  return symptom?.conditions.some(({ key }) => !told.includes(key)) ?? false;
}

/** Whether the symptom's conditions on kind and place hold; of a deadlock only its kind is the same in all runs. */
function fitsPlace({ conditions }: SymptomDeclaration, { kind, place, message }: FindingRecord): boolean {
  const fixed = conditions.filter(({ key }) => (kind === 'deadlock' ? key === 'kind' : FIXED.includes(key)));
  if (fixed.length === 0) return true;
  const facts: SymptomFacts = {
    ...NO_FACTS,
    kind: [kind],
    function: place ? [place.function] : [],
    field: place?.field ? [place.field] : [],
    invariant: kind === 'invariant' ? [message] : [],
    message: message === '' ? [] : [message],
  };
  return symptomOf([{ name: 'it', title: '', conditions: fixed }], facts) === 'it';
}
