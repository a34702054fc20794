/** From what each design has shown in each scene to the matrix of designs and symptoms. Pure. */
import type { SymptomDeclaration } from '../executor/declarations.js';
import type { FindingRecord } from '../findings/finding.js';
import { NO_SYMPTOM } from '../findings/symptom.js';
import { doubtsOf } from './doubts.js';
import type { Cell, Matrix, Origin, Reached, Row, Run, SeenFinding } from './types.js';

/** The row of a finding: its symptom, or what it is where the model declares no symptoms. */
export function rowOf({ symptom, title }: Pick<FindingRecord, 'symptom' | 'title'>, hasSymptoms: boolean): string {
  return hasSymptoms ? symptom : title;
}

/** All rows: the declared symptoms and `other`; without any, what was found in some design, sorted. */
export function rowsOf(symptoms: readonly SymptomDeclaration[], runs: readonly Run[]): Row[] {
  const rest = { name: NO_SYMPTOM, title: 'any other finding' };
  if (symptoms.length > 0) return [...symptoms.map(({ name, title }) => ({ name, title })), rest];
  const titles = new Set(runs.flatMap(({ findings }) => findings.map(({ row }) => row)));
  return [...[...titles].sort().map((name) => ({ name, title: '' })), rest];
}

export interface MatrixInput {
  readonly symptoms: readonly SymptomDeclaration[];
  readonly designs: readonly string[];
  readonly runs: readonly Run[];
  /** Sites that a design has reached in all these runs together. */
  sites(design: string): Reached;
}

/** Over all the runs given. */
export function matrixOf({ symptoms, designs, runs, sites }: MatrixInput, rows: readonly Row[]): Matrix {
  const cells = rows.map(({ name }) =>
    designs.map((design) => {
      const own = runs.filter((run) => run.design === design);
      return cellOf(name, own, symptoms, sites(design), kindsOf(name, runs));
    }),
  );
  return { rows, cells };
}

/** Of the row's findings in any design. */
const kindsOf = (row: string, runs: readonly Run[]): ReadonlySet<string> =>
  new Set(runs.flatMap(({ findings }) => findings.filter((one) => one.row === row).map(({ record }) => record.kind)));

/** `absent` only if every run was exhausted, none shows it, and nothing may have hidden it. */
export function cellOf(
  row: string,
  runs: readonly Run[],
  symptoms: readonly SymptomDeclaration[],
  sites: Reached,
  kinds: ReadonlySet<string> = new Set(),
): Cell {
  const findings = runs.flatMap((run) => run.findings);
  const first = firstOf(findings.filter((finding) => finding.row === row));
  if (first) return { verdict: 'found', first };
  const exhausted = runs.filter(({ search }) => search?.exhausted);
  const isExhausted = exhausted.length > 0 && exhausted.length === runs.length;
  const doubts = isExhausted
    ? [
        ...new Set(
          runs.flatMap((run) =>
            doubtsOf(
              row,
              symptoms,
              run.findings.map(({ record }) => record),
              kinds,
              run.search?.mayRepeat ?? false,
            ),
          ),
        ),
      ]
    : [];
  const states = runs.reduce((sum, { search }) => sum + (search?.states ?? 0), 0);
  if (isExhausted && doubts.length === 0) return { verdict: 'absent', states };
  const executions = runs.reduce((sum, { fuzz, replayed }) => sum + (fuzz?.executions ?? 0) + replayed, 0);
  if (executions === 0 && runs.every(({ search }) => search === null)) return { verdict: 'not-run' };
  return {
    verdict: 'not-found',
    executions,
    states,
    sites,
    scenesExhausted: exhausted.length,
    scenes: runs.length,
    doubts,
  };
}

const ORDER: readonly Origin[] = ['fuzz', 'replay', 'verify'];

/** The one that took the fewest executions of a campaign; else of a replay; else one that only the search has seen. */
export function firstOf(findings: readonly SeenFinding[]): SeenFinding | undefined {
  return [...findings].sort(
    (a, b) => ORDER.indexOf(a.origin) - ORDER.indexOf(b.origin) || a.executions - b.executions,
  )[0];
}
