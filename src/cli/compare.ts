/** `heddle compare`: designs of one model side by side. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Command } from 'commander';
import { buildModel } from '../build/index.js';
import { findModel } from './model-path.js';
import { compare } from '../compare/compare.js';
import { compareDocument } from '../compare/document.js';
import { renderHtml } from '../compare/html.js';
import { renderMarkdown } from '../compare/markdown.js';
import { renderText } from '../compare/text.js';
import type { Budget, CompareOptions } from '../compare/types.js';
import { writeFileAtomic } from '../corpus/atomic.js';
import { EXIT, HeddleError } from '../errors.js';
import type { Declarations } from '../executor/declarations.js';
import { DEFAULT_LIMITS, Executor } from '../executor/executor.js';
import type { ModelArtefact } from '../executor/instance.js';
import { formatShort } from '../ui/format.js';
import type { VerifyProgress } from '../verify/verify.js';
import { invocation } from './about.js';
import { shellWord } from '../ui/shell-word.js';
import type { OptionFlags } from './compare-flags.js';
import { HANG_MS, requireName } from './fuzz-options.js';
import { interruptible } from './signals.js';
import type { Terminal } from './terminal.js';

export interface CompareFlags {
  readonly designs?: readonly string[];
  readonly scenes?: readonly string[];
  readonly option?: OptionFlags;
  readonly budget: Budget;
  readonly jobs: number;
  readonly seed?: bigint;
  readonly deterministic?: boolean;
  readonly maxSteps: number;
  readonly out?: string;
  readonly verify: boolean;
  readonly verifyMemory: number;
  readonly verifyTime?: number;
  readonly explain?: readonly (readonly [string, string])[];
  readonly per?: string;
  readonly markdown?: boolean;
  readonly json?: boolean;
  readonly html?: string;
  readonly quiet?: boolean;
}

const VERIFY_MS = 60_000;
/** Between two lines on one search. */
const PROGRESS_MS = 5_000;

/** Answers the exit code: findings are what a comparison is about, so they are no failure. */
export async function compareDesigns(
  model: string,
  flags: CompareFlags,
  command: Command,
  terminal: Terminal,
): Promise<number> {
  const entry = await findModel(model);
  const fast = await buildModel(entry.path);
  const declarations = Executor.describe(fast);
  const settings = compareOptions(model, fast, declarations, flags, command);
  const exact = flags.verify ? await buildModel(entry.path, { flavour: 'exact' }) : null;
  const options = { ...settings, exact: exact && { wasm: exact.wasm, manifest: exact.manifest } };
  const modelWord = entry.origin === 'path' ? ` ${shellWord(model)}` : '';
  const commandOf = (path: string): string => `${invocation()} replay ${shellWord(path)}${modelWord}`;
  const comparison = await interruptible(
    (signal) => compare(options, hooksOf(flags, terminal), signal),
    () => terminal.log('stopping; once more to quit at once'),
  );
  const document = compareDocument(comparison, commandOf);
  writeFileAtomic(join(options.outDir, 'compare.json'), `${JSON.stringify(document, null, 2)}\n`);
  if (flags.html !== undefined) writeFileAtomic(flags.html, renderHtml(comparison, commandOf));
  if (flags.json) terminal.printJson(document);
  else if (flags.markdown) terminal.print(renderMarkdown(comparison, commandOf));
  else terminal.print(renderText(comparison, commandOf, terminal.out));
  return comparison.unfinished.length > 0 ? EXIT.notReproduced : EXIT.ok;
}

function compareOptions(
  modelArgument: string,
  fast: ModelArtefact,
  declarations: Declarations,
  flags: CompareFlags,
  command: Command,
): Omit<CompareOptions, 'exact'> {
  const { name } = fast.manifest;
  const designs = flags.designs ?? declarations.designs.map((design) => design.name);
  const scenes = flags.scenes ?? declarations.scenes.map((scene) => scene.name);
  for (const design of designs) requireName(declarations.designs, design, 'design', name);
  for (const scene of scenes) requireName(declarations.scenes, scene, 'scene', name);
  const deterministic = flags.deterministic ?? false;
  if (deterministic) checkDeterministic(flags, command);
  const pairs = flags.explain ?? designs.slice(1).map((design, i) => [designs[i] ?? '', design] as const);
  for (const design of pairs.flat()) {
    requireName(
      designs.map((one) => ({ name: one })),
      design,
      'compared design',
      name,
    );
  }
  return {
    modelArgument,
    fast: { wasm: fast.wasm, manifest: fast.manifest },
    designs,
    scenes,
    options: flags.option?.values ?? {},
    sweep: flags.option?.sweep ?? null,
    seed: flags.seed ?? (deterministic ? 1n : randomBytes(8).readBigUInt64LE()),
    jobs: deterministic ? 1 : flags.jobs,
    deterministic,
    budget: flags.budget,
    search: { memoryBytes: flags.verifyMemory, maxTimeMs: flags.verifyTime ?? (deterministic ? null : VERIFY_MS) },
    pairs,
    per: flags.per ?? null,
    outDir: flags.out ?? join('heddle-out', `compare-${name}`.replaceAll(/[^\w.-]+/g, '_')),
    stepLimit: flags.maxSteps,
    fuelLimit: DEFAULT_LIMITS.fuel,
    hangMs: HANG_MS,
  };
}

function checkDeterministic(flags: CompareFlags, command: Command): void {
  const wrong =
    flags.budget.ms !== null
      ? '--deterministic cannot keep a budget in time'
      : flags.verifyTime !== undefined
        ? '--deterministic cannot keep --verify-time'
        : flags.jobs > 1 && command.getOptionValueSource('jobs') === 'cli'
          ? '--deterministic uses one worker'
          : null;
  if (wrong === null) return;
  throw new HeddleError('HDL_USAGE', wrong, {
    hint: 'use --budget 200k, --verify-memory, and leave out --jobs: how much fits into a second differs from run to run',
  });
}

function hooksOf(flags: CompareFlags, terminal: Terminal): Parameters<typeof compare>[1] {
  let nextLine = PROGRESS_MS;
  const warning = (message: string): void => terminal.log(`${terminal.err.yellow('warning:')} ${message}`);
  if (flags.quiet) return { warning };
  return {
    warning,
    step: (text, done, steps) => {
      nextLine = PROGRESS_MS;
      terminal.log(`[${done + 1}/${steps}] ${text}`);
    },
    search: (text, p: VerifyProgress) => {
      if (p.elapsedMs < nextLine) return;
      nextLine += PROGRESS_MS;
      terminal.log(`  ${text}: ${formatShort(p.states)} states, ${formatShort(p.statesPerSecond)} states/s`);
    },
  };
}
