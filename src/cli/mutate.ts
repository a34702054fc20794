/** `heddle mutate`: which locks, checks and wake-ups of a model could be missing without any oracle noticing. */
import type { Colors } from 'picocolors/types.js';
import { buildModel } from '../build/index.js';
import { findModel } from './model-path.js';
import { EXIT } from '../errors.js';
import { DEFAULT_LIMITS, Executor } from '../executor/executor.js';
import { listRemovals, type Removal } from '../mutate/mutants.js';
import { type Judgement, type MutantResult, type MutateResult, mutate } from '../mutate/run.js';
import { formatCount, plural } from '../ui/format.js';
import { oracleKinds, requireName } from './fuzz-options.js';
import { interruptible } from './signals.js';
import type { Terminal } from './terminal.js';

export interface MutateFlags {
  readonly design?: string;
  readonly scene?: string;
  readonly option?: Readonly<Record<string, number>>;
  readonly maxSteps: number;
  readonly maxTime?: number;
  readonly maxExecs?: number;
  readonly oracles: string;
  readonly memory: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Bounds of one mutant in one scene. */
const SEARCH_MS = 20_000;
const EXECUTIONS = 4_000;

/** Answers the exit code. */
export async function mutateModel(model: string, flags: MutateFlags, terminal: Terminal): Promise<number> {
  const { path } = await findModel(model);
  const whole = await buildModel(path, { flavour: 'exact' });
  const { manifest } = whole;
  const { designs, scenes } = Executor.describe(whole);
  const design = flags.design ?? designs[0]?.name ?? '';
  requireName(designs, design, 'design', manifest.name);
  if (flags.scene !== undefined) requireName(scenes, flags.scene, 'scene', manifest.name);
  const removals = listRemovals(manifest);
  const names = flags.scene === undefined ? scenes.map((s) => s.name) : [flags.scene];
  const tell = (mutant: MutantResult, done: number): void => {
    if (!flags.quiet) terminal.log(`${done} of ${removals.length}  ${nameOf(mutant.removal)}: ${mutant.outcome}`);
  };
  if (!flags.quiet) terminal.log(`${manifest.name}, design ${design}: ${plural(removals.length, 'removal')} to judge`);
  let interrupted = false;
  const result = await interruptible(
    async (signal) => {
      const options = {
        build: async (without: readonly string[]) =>
          without.length === 0 ? whole : buildModel(path, { flavour: 'exact', without }),
        removals,
        design,
        scenes: names,
        options: flags.option ?? {},
        oracles: oracleKinds(flags.oracles),
        memoryBytes: flags.memory,
        maxTimeMs: flags.maxTime ?? SEARCH_MS,
        maxExecutions: flags.maxExecs ?? EXECUTIONS,
        limits: { steps: flags.maxSteps, fuel: DEFAULT_LIMITS.fuel },
      };
      const mutated = await mutate(options, tell, signal);
      interrupted = signal.aborted;
      return mutated;
    },
    () => terminal.log('stopping; once more to quit at once'),
  );
  const head = { model: manifest.name, design, interrupted };
  if (flags.json) terminal.printJson({ schema: 'heddle.mutate/1', ...head, ...result });
  else terminal.print(renderMutants(head, result, terminal.out));
  return exitCode(result, interrupted);
}

function exitCode({ mutants }: MutateResult, interrupted: boolean): number {
  if (mutants.some((m) => m.outcome === 'unnoticed')) return EXIT.finding;
  return interrupted || mutants.some((m) => m.outcome === 'undecided') ? EXIT.notReproduced : EXIT.ok;
}

function nameOf({ operation, function: f }: Removal): string {
  const functions = f.split(', ');
  const rest = functions.length - 2;
  return `${operation} in ${functions.slice(0, 2).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** The table: one line a removal and scene. */
export function renderMutants(
  head: { readonly model: string; readonly design: string; readonly interrupted: boolean },
  { baselines, mutants }: MutateResult,
  colors: Colors,
): string {
  const lines: string[] = [];
  for (const [i, { scene, verdict, states, known }] of baselines.entries()) {
    const itself = known.length > 0 ? `, ${plural(known.length, 'finding')} of its own, which notice nothing` : '';
    lines.push(`${head.model} ${head.design}, ${scene}: ${verdict}, ${formatCount(states)} states${itself}`);
    const rows = mutants.flatMap(({ removal, judgements }) => {
      const judgement = judgements[i];
      return judgement && judgement.outcome !== 'unreached'
        ? [{ name: nameOf(removal), place: `${removal.file}:${removal.line}`, judgement }]
        : [];
    });
    const widthOf = (of: (row: (typeof rows)[number]) => string): number =>
      Math.max(0, ...rows.map((r) => of(r).length));
    const [name, place] = [widthOf((r) => r.name), widthOf((r) => r.place)];
    for (const row of rows) {
      lines.push(`  ${row.name.padEnd(name)}  ${row.place.padEnd(place)}  ${answer(row.judgement, colors)}`);
    }
    const unreached = mutants.filter((m) => m.judgements[i]?.outcome === 'unreached').map((m) => nameOf(m.removal));
    if (unreached.length > 0) lines.push(`  ${colors.dim(`never reached: ${unreached.join('; ')}`)}`);
    lines.push('');
  }
  const count = (outcome: string): number => mutants.filter((m) => m.outcome === outcome).length;
  const counts = ['noticed', 'unnoticed', 'undecided', 'unreached'] as const;
  const parts = counts.flatMap((o) => (count(o) > 0 ? [`${count(o)} ${o}`] : []));
  lines.push(`${plural(mutants.length, 'removal')}: ${parts.join(', ') || 'nothing to remove'}`);
  if (head.interrupted) lines.push('it was interrupted: the rest was not judged');
  return lines.join('\n');
}

function answer({ outcome, by, symptom, states, reason }: Judgement, colors: Colors): string {
  const searched = states > 0 ? ` (${formatCount(states)} states)` : '';
  if (outcome === 'noticed') return `${colors.green('noticed')} by ${by}${symptom ? ` = ${symptom}` : ''}${searched}`;
  if (outcome === 'unnoticed') return `${colors.red('NOT NOTICED')}: ${reason}${searched}`;
  return `${colors.yellow(outcome)}: ${reason}${searched}`;
}
