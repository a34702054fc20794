/** What receivers look at before they take a schedule (worker/inspect.ts, campaign/foreign.ts), as words for a subject. */
import { createHash } from 'node:crypto';
import { misfit } from '../../campaign/foreign.js';
import type { Declarations } from '../../executor/declarations.js';
import type { Schedule } from '../../schedule/schedule.js';

/** Of a design and a set of options: eight hex digits. An option that is not set has its default. */
export function configurationOf(
  { options: declared }: Pick<Declarations, 'options'>,
  design: string,
  options: Readonly<Record<string, number>>,
): string {
  const all = new Map([...declared.map((one) => [one.name, one.default] as const), ...Object.entries(options)]);
  const sorted = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([design, sorted]))
    .digest('hex')
    .slice(0, 8);
}

/** The scene for whose campaigns the schedule is; null: only for those that fuzz all scenes, whose events may be others. */
export function sceneOf(declarations: Declarations, schedule: Schedule): string | null {
  const name = schedule.scene || (declarations.scenes[0]?.name ?? '');
  const scene = declarations.scenes.find((one) => one.name === name);
  return scene && misfit(declarations, [scene], schedule) === null ? name : null;
}
