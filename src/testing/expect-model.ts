/**
 * Models in a project’s own tests: `await expectModel('models/queue.ts').toSurvive({ scene: 'two' })`. Works under any test runner, since an
 * expectation that fails throws.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildModel, resolveModel } from '../build/index.js';
import { runCampaign } from '../campaign/campaign.js';
import type { CampaignSummary } from '../campaign/types.js';
import { within } from '../deadline.js';
import { HeddleError } from '../errors.js';
import { DEFAULT_LIMITS, Executor } from '../executor/executor.js';
import { isCostly } from '../executor/oracles.js';
import { FINDING_KINDS, type FindingKind } from '../executor/types.js';
import type { FindingRecord } from '../findings/finding.js';
import { findingDir, findingId, saveFinding } from '../findings/store.js';
import { shellWord } from '../ui/shell-word.js';
import { type VerifyResult, verify } from '../verify/verify.js';

export interface ModelSettings {
  /** The model’s first one if not given. */
  readonly design?: string;
  /** Options of the model by name. */
  readonly options?: Readonly<Record<string, number>>;
  /** Kinds of findings that count; all that cost nothing if not given. */
  readonly oracles?: readonly FindingKind[];
  /** Unsigned 64 bits; 1 if not given. The same seed gives the same executions. */
  readonly seed?: bigint;
  /** Where a finding is kept so that its command can be pasted; `heddle-out/tests` if not given. */
  readonly outDir?: string;
}

export interface Sampling {
  /** All scenes in turn if not given. */
  readonly scene?: string;
  /** From 1; 20,000 if not given. */
  readonly executions?: number;
}

export interface Proof {
  readonly scene: string;
  /** Bytes for visited states and paths; 256 MiB if not given. */
  readonly memoryBytes?: number;
  /** 60 s if not given. */
  readonly maxTimeMs?: number;
}

export interface Wanted extends Sampling {
  /** Name of the symptom that one of the findings must have. */
  readonly symptom?: string;
  /** Kind that one of the findings must have. */
  readonly kind?: FindingKind;
}

/** An expectation about a model that did not hold; the message has the finding’s diagram and the command that shows it again. */
export class ModelExpectationError extends Error {
  /** What contradicts the expectation; empty if something expected was not found. */
  readonly findings: readonly FindingRecord[];

  constructor(message: string, findings: readonly FindingRecord[] = []) {
    super(message);
    this.name = 'ModelExpectationError';
    this.findings = findings;
  }
}

function checkProof(proof: Proof | undefined): void {
  if (typeof proof?.scene !== 'string') {
    throw new HeddleError('HDL_USAGE', 'toBeVerified needs a scene', { hint: "toBeVerified({ scene: 'name' })" });
  }
  for (const name of ['memoryBytes', 'maxTimeMs'] as const) {
    const value = proof[name];
    if (value === undefined || (typeof value === 'number' && value > 0)) continue;
    throw new HeddleError('HDL_USAGE', `${name} must be a number above 0, not ${String(value)}`);
  }
}

/** `model`: the name of one that comes with Heddle, or the path of a source file, from the working directory. */
export function expectModel(model: string, settings: ModelSettings = {}): ModelExpectation {
  return new ModelExpectation(model, settings);
}

class ModelExpectation {
  constructor(
    private readonly model: string,
    private readonly settings: ModelSettings,
  ) {}

  /**
   * No finding in so many executions, chosen as by `heddle fuzz --deterministic`.
   *
   * @throws ModelExpectationError with the first finding, or if an execution could not be judged; HeddleError if the model cannot be built or lacks a name.
   */
  async toSurvive(sampling: Sampling = {}): Promise<void> {
    const { summary, warnings } = await this.fuzz(sampling);
    const [first] = summary.records;
    if (!first) {
      if (summary.unsteady === 0 && summary.hangs.length === 0) return;
      throw new ModelExpectationError(`of ${this.model} not all was judged: ${warnings.join('; ')}`);
    }
    throw new ModelExpectationError(
      `${this.model} does not survive: ${summary.records.length} finding(s) in ${summary.executions} executions\n\n${this.show(first)}`,
      summary.records,
    );
  }

  /**
   * A finding in at most so many executions; answers the first one that fits.
   *
   * @throws ModelExpectationError if there is none.
   */
  async toFail(wanted: Wanted = {}): Promise<FindingRecord> {
    const { records, executions } = (await this.fuzz(wanted)).summary;
    const fits = records.find(
      ({ symptom, kind }) => symptom === (wanted.symptom ?? symptom) && kind === (wanted.kind ?? kind),
    );
    if (fits) return fits;
    const what = [wanted.symptom, wanted.kind].filter((word) => word !== undefined).join(', ') || 'finding';
    const others = records.map(({ symptom, title }) => `\n  ${symptom}: ${title}`).join('');
    throw new ModelExpectationError(
      `${this.model} shows no ${what} in ${executions} executions${others === '' ? '' : `, but:${others}`}`,
    );
  }

  /**
   * No schedule of the scene fails: an exhaustive search that came to its end.
   *
   * @throws ModelExpectationError with the violation, or with what cut the search.
   */
  async toBeVerified(proof: Proof): Promise<VerifyResult> {
    this.checkSettings();
    checkProof(proof);
    const { path } = await resolveModel(this.model);
    const [fast, exact] = [await buildModel(path), await buildModel(path, { flavour: 'exact' })];
    const artefact = { wasm: fast.wasm, manifest: fast.manifest };
    const setup = {
      exact: { wasm: exact.wasm, manifest: exact.manifest },
      fast: artefact,
      design: this.designOf(Executor.describe(artefact).designs),
      scene: proof.scene,
      options: this.settings.options ?? {},
      oracles: this.settings.oracles ?? null,
      costly: this.settings.oracles?.some(isCostly) ?? false,
      reduce: true,
      all: false,
      memoryBytes: proof.memoryBytes ?? 256 * 2 ** 20,
      stepLimit: DEFAULT_LIMITS.steps,
      fuelLimit: DEFAULT_LIMITS.fuel,
    };
    const never = new AbortController().signal;
    const result = await within(proof.maxTimeMs ?? 60_000, never, (ends) => verify(setup, () => {}, ends));
    if (result.verdict === 'verified') return result;
    const [first] = result.records;
    throw new ModelExpectationError(
      first
        ? `${this.model} is violated\n\n${this.show(first)}`
        : `${this.model} is not verified: ${result.cut} after ${result.states} states`,
      result.records,
    );
  }

  private async fuzz({
    scene,
    executions = 20_000,
  }: Sampling): Promise<{ readonly summary: CampaignSummary; readonly warnings: readonly string[] }> {
    this.checkSettings();
    if (!Number.isSafeInteger(executions) || executions < 1) {
      throw new HeddleError('HDL_USAGE', `executions must be a whole number from 1, not ${executions}`);
    }
    const { wasm, manifest } = await buildModel((await resolveModel(this.model)).path);
    const artefact = { wasm, manifest };
    const outDir = mkdtempSync(join(tmpdir(), 'heddle-test-'));
    const { options = {}, oracles, seed = 1n } = this.settings;
    const warnings: string[] = [];
    try {
      const summary = await runCampaign(
        {
          modelArgument: this.model,
          artefact,
          design: this.designOf(Executor.describe(artefact).designs),
          scene: scene ?? null,
          options,
          jobs: 1,
          seed,
          maxTimeMs: null,
          maxExecutions: executions,
          stopOnFirst: false,
          deterministic: true,
          strategy: 'portfolio',
          oracles: oracles ?? null,
          outDir,
          stepLimit: DEFAULT_LIMITS.steps,
          fuelLimit: DEFAULT_LIMITS.fuel,
          hangMs: 10_000,
          minimize: true,
        },
        { warning: (message) => void warnings.push(message) },
        new AbortController().signal,
      );
      return { summary, warnings };
    } finally {
      rmSync(outDir, { recursive: true, force: true });
    }
  }

  /** Plain JavaScript has no types, and what is misspelt must not pass. */
  private checkSettings(): void {
    const { oracles, seed } = this.settings;
    const known: readonly string[] = FINDING_KINDS.slice(1);
    const wrong = oracles?.find((kind) => !known.includes(kind));
    if (wrong !== undefined || oracles?.length === 0) {
      const what = wrong === undefined ? 'oracles has no kind, so nothing could fail' : `“${String(wrong)}” is no kind`;
      throw new HeddleError('HDL_USAGE', what, { hint: `kinds are: ${known.join(', ')}` });
    }
    if (seed === undefined || (typeof seed === 'bigint' && BigInt.asUintN(64, seed) === seed)) return;
    throw new HeddleError('HDL_USAGE', `seed must be a bigint of 64 bits without a sign, not ${String(seed)}`);
  }

  private designOf(designs: readonly { readonly name: string }[]): string {
    return this.settings.design ?? designs[0]?.name ?? '';
  }

  /** Keeps the finding, and says it as `heddle fuzz` does. */
  private show(record: FindingRecord): string {
    const outDir = this.settings.outDir ?? join('heddle-out', 'tests');
    saveFinding(outDir, record);
    return [
      `${record.symptom}: ${record.title}`,
      `${findingId(record)}, design ${record.design}, scene ${record.scene}`,
      '',
      record.diagram,
      '',
      `npx heddle replay ${shellWord(findingDir(outDir, record))} ${shellWord(this.model)}`,
    ].join('\n');
  }
}
