/** Which of the model's declared symptoms a finding shows. */
import type { SymptomDeclaration } from '../executor/declarations.js';

/** What conditions look at; a deadlock has several objects, fields and functions, most findings one or none. */
export interface SymptomFacts {
  readonly kind: readonly string[];
  /** Class names. */
  readonly object: readonly string[];
  readonly field: readonly string[];
  readonly function: readonly string[];
  readonly invariant: readonly string[];
  readonly message: readonly string[];
  /** Functions that allocated the object, and that freed it or stored the NULL of a NULL dereference. */
  readonly allocated: readonly string[];
  readonly freed: readonly string[];
  /** The function that stored that NULL, in another task. */
  readonly cleared: readonly string[];
  /** The task that failed, as events name it (`bind(0)`), and the one that freed the object or stored that NULL. */
  readonly task: readonly string[];
  readonly by: readonly string[];
  /** Functions in which the schedule takes the processor from a task that could go on. */
  readonly interrupted: readonly string[];
}

export const NO_SYMPTOM = 'other';

/**
 * The name of the first symptom whose conditions all hold, else `other`. Several values of one key are alternatives, and `*` stands for
 * any text. A symptom without conditions fits nothing.
 */
export function symptomOf(symptoms: readonly SymptomDeclaration[], facts: SymptomFacts): string {
  const fits = symptoms.find(
    ({ conditions }) =>
      conditions.length > 0 &&
      conditions.every(({ key, values }) => {
        const found: readonly string[] = Object.hasOwn(facts, key) ? facts[key as keyof SymptomFacts] : [];
        return values.some((pattern) => found.some((fact) => matches(pattern, fact)));
      }),
  );
  return fits?.name ?? NO_SYMPTOM;
}

/** `*` in the pattern stands for any text; everything else for itself. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
