/** From the flags of `heddle fuzz` to the options of a campaign. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type CampaignOptions, type CampaignStrategy, MEMORY_KINDS } from '../campaign/types.js';
import { HeddleError } from '../errors.js';
import type { Declarations } from '../executor/declarations.js';
import { DEFAULT_LIMITS } from '../executor/executor.js';
import type { ModelArtefact } from '../executor/instance.js';
import { FINDING_KINDS, type FindingKind } from '../executor/types.js';
import { knownSignatures } from '../findings/known.js';
import { NO_SYMPTOM } from '../findings/symptom.js';
import type { UiMode } from '../ui/reporter.js';

export interface FuzzFlags {
  readonly design?: string;
  readonly scene?: string;
  readonly option?: Readonly<Record<string, number>>;
  readonly jobs: number;
  readonly seed?: bigint;
  readonly maxTime?: number;
  readonly maxExecs?: number;
  readonly maxSteps: number;
  readonly searchMemory: number;
  readonly stopOnFirst?: boolean;
  readonly stopOnSymptom?: string;
  readonly strategy: CampaignStrategy;
  readonly oracles: string;
  readonly deterministic?: boolean;
  readonly minimize: boolean;
  readonly known?: string;
  readonly out?: string;
  readonly share?: string;
  readonly hub?: string;
  readonly ui: 'auto' | UiMode;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly exitZero?: boolean;
}

/** Milliseconds of silence after which a worker is replaced: fifty batches. */
export const HANG_MS = 10_000;

export function campaignOptions(
  modelArgument: string,
  artefact: ModelArtefact,
  declarations: Declarations,
  flags: FuzzFlags,
  command: Command,
): CampaignOptions {
  const design = flags.design ?? declarations.designs[0]?.name ?? '';
  requireName(declarations.designs, design, 'design', artefact.manifest.name);
  if (flags.scene !== undefined) requireName(declarations.scenes, flags.scene, 'scene', artefact.manifest.name);
  const deterministic = flags.deterministic ?? false;
  if (deterministic) checkDeterministic(flags, command);
  return {
    modelArgument,
    artefact,
    design,
    scene: flags.scene ?? null,
    options: flags.option ?? {},
    jobs: deterministic ? 1 : flags.jobs,
    seed: flags.seed ?? (deterministic ? 1n : randomBytes(8).readBigUInt64LE()),
    maxTimeMs: flags.maxTime ?? null,
    maxExecutions: flags.maxExecs ?? null,
    stopOnFirst: flags.stopOnFirst ?? false,
    stopOnSymptoms: symptomNames(flags.stopOnSymptom, declarations, artefact.manifest.name),
    deterministic,
    strategy: flags.strategy,
    oracles: oracleKinds(flags.oracles),
    knownSignatures: flags.known === undefined ? new Set() : knownSignatures(flags.known, () => {}),
    outDir: flags.out ?? join('heddle-out', `${artefact.manifest.name}-${design}`.replaceAll(/[^\w.-]+/g, '_')),
    ...(flags.share === undefined ? {} : { shareDir: flags.share }),
    searchMemoryBytes: flags.searchMemory,
    stepLimit: flags.maxSteps,
    fuelLimit: DEFAULT_LIMITS.fuel,
    hangMs: HANG_MS,
    minimize: flags.minimize,
  };
}

/** Of `--stop-on-symptom`. */
function symptomNames(text: string | undefined, { symptoms }: Declarations, model: string): readonly string[] {
  const names = text === undefined ? [] : text.split(',').map((name) => name.trim());
  for (const name of names) requireName([...symptoms, { name: NO_SYMPTOM }], name, 'symptom', model);
  return names;
}

function checkDeterministic(flags: FuzzFlags, command: Command): void {
  if (flags.maxTime !== undefined) {
    throw new HeddleError('HDL_USAGE', '--deterministic cannot keep a budget in time', {
      hint: 'use --max-execs instead of --max-time: how much fits into a second differs from run to run',
    });
  }
  const shares = flags.share !== undefined ? '--share' : flags.hub !== undefined ? '--hub' : null;
  if (shares !== null) {
    throw new HeddleError('HDL_USAGE', `--deterministic cannot ${shares}`, {
      hint: `leave out ${shares}: what others have found meanwhile differs from run to run`,
    });
  }
  if (flags.maxExecs === undefined && !flags.stopOnFirst) {
    throw new HeddleError('HDL_USAGE', '--deterministic needs an end', {
      hint: 'add --max-execs 100k, or --stop-on-first',
    });
  }
  if (flags.jobs > 1 && command.getOptionValueSource('jobs') === 'cli') {
    throw new HeddleError('HDL_USAGE', '--deterministic uses one worker', { hint: 'leave out --jobs' });
  }
}

export function requireName(
  list: readonly { readonly name: string }[],
  name: string,
  what: string,
  model: string,
): void {
  if (list.some((item) => item.name === name)) return;
  throw new HeddleError('HDL_USAGE', `${model} has no ${what} “${name}”`, {
    hint: `it has: ${list.map((item) => item.name).join(', ')}`,
  });
}

/** Kinds of `--oracles`; null: all that cost nothing. */
export function oracleKinds(text: string): readonly FindingKind[] | null {
  if (text === 'cheap') return null;
  if (text === 'all') return FINDING_KINDS;
  if (text === 'memory') return MEMORY_KINDS;
  const wanted = text.split(',');
  return FINDING_KINDS.filter((kind) => wanted.includes(kind));
}
