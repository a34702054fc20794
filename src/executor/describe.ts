/** What a model declares. */
import { bootModel } from './boot.js';
import { type Declarations, readDeclarations } from './declarations.js';
import { checkEntries } from './entries.js';
import type { Limits } from './executor.js';
import { type ExecutorBuild, instantiate, type ModelArtefact } from './instance.js';

/** It is the same each time. */
const described = new WeakMap<ModelArtefact, Declarations>();

/** Reads it without running the model; by that build, so that no other is compiled for it. `pages`: memory, as of `instantiate`. */
export function describeModel(
  artefact: ModelArtefact,
  limits: Limits,
  build: ExecutorBuild,
  pages?: number,
): Declarations {
  let declared = described.get(artefact);
  if (!declared) {
    const instance = instantiate(artefact, build, pages);
    bootModel(instance, artefact.manifest, limits, null);
    declared = readDeclarations(instance.view, artefact.manifest);
    checkEntries(declared, instance, artefact.manifest);
    described.set(artefact, declared);
  }
  return declared;
}
