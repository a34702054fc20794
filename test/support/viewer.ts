/** The viewer's data in words, for tests to compare with. */
import type { Explanation } from '../../src/explain/explanation.js';
import type { ViewerData } from '../../src/explain/viewer-data.js';

/** `transfer(10) transfer Account#1.balance read 100`, one line a step. */
export function lanesOf({ steps, tasks }: ViewerData): string[] {
  return steps.map((step) => `${tasks[step.task]?.name} ${step.function} ${step.text}`);
}

/** The rows of the diagram: `transfer(10) | transfer: Account#1.balance read 100 | mark`, in order. */
export function rowTexts(view: Pick<Explanation, 'tasks' | 'rows'> | ViewerData): string[] {
  if ('steps' in view) {
    return view.steps
      .filter(({ row }) => row >= 0)
      .map(({ task, text, function: name, mark }) =>
        [view.tasks[task]?.name, name === '' ? text : `${name}: ${text}`, mark].join(' | '),
      );
  }
  return view.rows.flatMap((row) =>
    'steps' in row ? [] : [[view.tasks.find(({ slot }) => slot === row.task)?.name, row.text, row.mark].join(' | ')],
  );
}

/** All fields after a step: `Account#1.balance` → `90`. Objects that are not there yet are left out. */
export function valuesAfter({ objects, steps }: ViewerData, at: number): Record<string, string> {
  const values = objects.map(({ fields }) => fields.map(({ value }) => value));
  for (const { changes } of steps.slice(0, at + 1)) {
    for (const [o, f, value] of changes) {
      const of = values[o];
      if (of) of[f] = value;
    }
  }
  return Object.fromEntries(
    objects.flatMap(({ name, fields, born }, o) =>
      born > at ? [] : fields.map((field, f) => [`${name}.${field.name}`, values[o]?.[f] ?? '']),
    ),
  );
}
