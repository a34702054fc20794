/** A comparison as one JSON document, `heddle.compare/1`. Pure. */
import type { FindingRecord } from '../findings/finding.js';
import { formatSchedule } from '../schedule/text.js';
import type { Cell, Comparison, SeenFinding } from './types.js';

/** Findings are listed once, and named by their folder everywhere else. */
export function compareDocument(comparison: Comparison, commandOf: (path: string) => string): object {
  const { matrix, byScene, runs, explanations, designs, unfinished, ...head } = comparison;
  const grid = (cells: readonly (readonly Cell[])[]): object[] =>
    matrix.rows.map(({ name, title }, r) => ({
      symptom: name,
      title,
      cells: Object.fromEntries(designs.map((design, d) => [design, cellJson(cells[r]?.[d])])),
    }));
  return {
    schema: 'heddle.compare/1',
    ...head,
    designs,
    complete: unfinished.length === 0,
    unfinished,
    matrix: grid(matrix.cells),
    byScene: byScene.map(({ scene, cells }) => ({ scene, matrix: grid(cells) })),
    runs: runs.map(({ findings, ...run }) => ({ ...run, findings: findings.map(({ folder }) => folder) })),
    findings: runs.flatMap(({ findings }) => findings.map((seen) => findingJson(seen, commandOf))),
    explanations: explanations.map(({ pair, found, reason }) => {
      if (found === null) return { pair, found, reason };
      const { finding, folder, ...told } = found;
      const commands = [commandOf(`${folder}/fails.sched`), commandOf(`${folder}/other.sched`)];
      return { pair, found: { ...told, finding: finding.folder, folder, commands }, reason };
    }),
  };
}

function cellJson(cell: Cell | undefined): object | null {
  if (cell?.verdict !== 'found') return cell ?? null;
  const { origin, executions, ms, scene, folder } = cell.first;
  return { verdict: 'found', origin, executions, ms, scene, finding: folder };
}

function findingJson({ record, row, ...seen }: SeenFinding, commandOf: (path: string) => string): object {
  const { kind, signature, title, symptom, preemptions, hash, diagram, schedule }: FindingRecord = record;
  return {
    ...seen,
    row,
    ...{ kind, signature, title, symptom, preemptions, hash, diagram },
    schedule: formatSchedule(schedule),
    command: commandOf(seen.folder),
  };
}
