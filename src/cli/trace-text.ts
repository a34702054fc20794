/** A whole trace, one line a step: `heddle replay --trace`. */
import type { Manifest } from '../build/manifest.js';
import type { TracedExecution, TraceStep } from '../executor/types.js';

/** The first `until` steps, or all. */
export function renderTrace({ trace, tasks }: TracedExecution, manifest: Manifest, until: number | undefined): string {
  const names = new Map(tasks.map((t) => [t.slot, t.name]));
  const shown = trace.slice(0, until);
  const numberWidth = String(shown.length).length;
  const nameWidth = Math.max(0, ...tasks.map((t) => t.name.length));
  const lines = shown.map((step, i) => {
    const name = (names.get(step.task) ?? `task ${step.task}`).padEnd(nameWidth);
    return `${String(i + 1).padStart(numberWidth)}  ${name}  ${describe(step, manifest, names)}`.trimEnd();
  });
  if (shown.length < trace.length) lines.push(`… ${trace.length - shown.length} more`);
  return lines.join('\n');
}

function describe(step: TraceStep, manifest: Manifest, names: ReadonlyMap<number, string>): string {
  const site = manifest.sites[step.site];
  const place = site ? `${site.function} (${site.file}:${site.line})` : '';
  const what = site ? [site.operation, site.field].filter(Boolean).join(' ') : '';
  switch (step.kind) {
    case 'access':
      return `${what}${step.address ? ` = ${step.value | 0}` : ''}  ${place}`;
    case 'block':
      return `waits: ${what}  ${place}`;
    case 'exit':
      return 'ends';
    case 'spawn':
      return `starts ${names.get(step.value) ?? `task ${step.value}`}  ${place}`;
    case 'note':
      return `“${step.text}” ${step.value | 0}`;
    case 'choose':
      return `${what}: chose ${step.value}  ${place}`;
    case 'finding':
      return `FINDING  ${what}  ${place}`;
    default:
      return `${step.kind} ${names.get(step.value) ?? step.value}`;
  }
}
