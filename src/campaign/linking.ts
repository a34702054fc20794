/**
 * In a long campaign executor and model become one module (src/link/), in a thread of lower priority while the workers go on; from then on
 * they run that one. It changes nothing but the speed, so it may come at any time, in deterministic campaigns too.
 */
import { Executor } from '../executor/executor.js';
import type { CampaignOptions } from './types.js';

/** Before that a campaign may be over, or be broken off. */
const BEGIN_MS = 15_000;
/** Linking takes a core half a minute, and saves a quarter of what comes after. */
const WORTH_MS = 180_000;

/** What these options ask for; null: the campaign is too short. */
export function linkingOf(options: CampaignOptions, warning: (message: string) => void): Linking | null {
  const { link, maxTimeMs, linkAfterMs = BEGIN_MS } = options;
  if (!link || (maxTimeMs !== null && maxTimeMs < linkAfterMs + WORTH_MS)) return null;
  return new Linking(link, linkAfterMs, (module) => check(module, options), warning);
}

/** The workers take it without a doubt. @throws Error if it is not of this model. */
function check(module: WebAssembly.Module, { artefact, design, scene, options }: CampaignOptions): void {
  Executor.create({ artefact, configuration: { design, scene: scene ?? '', options } }).relink(module);
}

export class Linking {
  /** Null until it is made. */
  module: WebAssembly.Module | null = null;
  private readonly closing = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private work: Promise<void> | null = null;

  constructor(
    link: NonNullable<CampaignOptions['link']>,
    afterMs: number,
    checked: (module: WebAssembly.Module) => void,
    warning: (message: string) => void,
  ) {
    const { signal } = this.closing;
    this.timer = setTimeout(() => {
      this.work = link(signal)
        .then((bytes) => WebAssembly.compile(new Uint8Array(bytes)))
        .then((module) => {
          checked(module);
          this.module = module;
        })
        .catch((error: Error) => {
          if (!signal.aborted) warning(`executor and model stay two modules, which is slower: ${error.message}`);
        });
    }, afterMs);
  }

  /** What is under way is given up, and has removed its files when this ends. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.closing.abort();
    await this.work;
  }
}
