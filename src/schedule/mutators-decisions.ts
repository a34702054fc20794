/**
 * Mutation operators on decisions: where tasks are preempted, who runs instead, and what `choose` and `fault` answer.
 */
import type { Draft, MutationContext } from './draft.js';
import type { Mutator } from './mutate.js';
import { pickOne, type Random } from './prng.js';
import { type HotDeviation, LIMITS } from './schedule.js';

export const DECISION_MUTATORS: readonly Mutator[] = [
  { name: 'switch-insert', needs: 'nothing', weight: 8, apply: insertSwitch },
  { name: 'switch-window', needs: 'nothing', weight: 6, apply: insertWindow },
  { name: 'switch-remove', needs: 'nothing', weight: 4, apply: removeSwitch },
  { name: 'switch-thin', needs: 'nothing', weight: 1, apply: thinSwitches },
  { name: 'switch-nudge', needs: 'nothing', weight: 8, apply: nudgeSwitch },
  { name: 'switch-move', needs: 'nothing', weight: 3, apply: moveSwitch },
  { name: 'switch-retarget', needs: 'nothing', weight: 3, apply: retargetSwitch },
  { name: 'switch-repeat', needs: 'nothing', weight: 2, apply: repeatSwitch },
  { name: 'choice-set', needs: 'nothing', weight: 3, apply: setChoice },
  { name: 'choice-clear', needs: 'nothing', weight: 2, apply: clearChoice },
  { name: 'choice-change', needs: 'nothing', weight: 1, apply: changeChoice },
];

/** How far a switch is nudged or repeated. */
const NEAR = 4;

function insertSwitch(draft: Draft, _context: MutationContext, random: Random): boolean {
  const { task, step } = draft.pickStep(random);
  return draft.addDeviation(task, step, draft.pickOther(task, random));
}

/** Another task runs in the middle of this one and gives way again: the shape of most races. */
function insertWindow(draft: Draft, _context: MutationContext, random: Random): boolean {
  const { task, step } = draft.pickStep(random);
  const other = draft.pickOther(task, random);
  if (other < 0 || draft.deviations.length + 2 > LIMITS.deviations) return false;
  const back = random.below(draft.stepsOf(other));
  if (draft.hasDeviation(other, back) || !draft.addDeviation(task, step, other)) return false;
  return draft.addDeviation(other, back, task);
}

function removeSwitch(draft: Draft, _context: MutationContext, random: Random): boolean {
  if (draft.deviations.length === 0) return false;
  draft.deviations.splice(random.below(draft.deviations.length), 1);
  return true;
}

/** Keeps about half, so that lineages do not only grow. */
function thinSwitches(draft: Draft, _context: MutationContext, random: Random): boolean {
  if (draft.deviations.length < 4) return false;
  const kept = draft.deviations.filter(() => random.chance(0.5));
  if (kept.length === draft.deviations.length) return false;
  draft.deviations = kept;
  return true;
}

function nudgeSwitch(draft: Draft, _context: MutationContext, random: Random): boolean {
  return replaceSwitch(draft, random, ({ task, step, target }) => ({ task, step: step + offset(random), target }));
}

function moveSwitch(draft: Draft, _context: MutationContext, random: Random): boolean {
  return replaceSwitch(draft, random, ({ task, target }) => ({
    task,
    step: random.below(draft.stepsOf(task)),
    target,
  }));
}

function retargetSwitch(draft: Draft, _context: MutationContext, random: Random): boolean {
  return replaceSwitch(draft, random, ({ task, step }) => ({ task, step, target: draft.pickOther(task, random) }));
}

/** A copy a few steps away: loops meet the same race again. */
function repeatSwitch(draft: Draft, _context: MutationContext, random: Random): boolean {
  const source = pickOne(draft.deviations, random);
  if (source === undefined) return false;
  return draft.addDeviation(source.task, source.step + offset(random), source.target);
}

function setChoice(draft: Draft, _context: MutationContext, random: Random): boolean {
  const seen = pickOne(draft.seen, random);
  if (seen === undefined || seen.n < 2 || draft.choices.length >= LIMITS.choices) return false;
  const { task, nth, n } = seen;
  if (draft.choices.some((choice) => choice.task === task && choice.nth === nth)) return false;
  draft.choices.push({ task, nth, value: 1 + random.below(n - 1) });
  return true;
}

function clearChoice(draft: Draft, _context: MutationContext, random: Random): boolean {
  if (draft.choices.length === 0) return false;
  draft.choices.splice(random.below(draft.choices.length), 1);
  return true;
}

/** To another value but 0, which would clear it. */
function changeChoice(draft: Draft, _context: MutationContext, random: Random): boolean {
  if (draft.choices.length === 0) return false;
  const index = random.below(draft.choices.length);
  const choice = draft.choices[index];
  const seen = draft.seen.find(({ task, nth }) => task === choice?.task && nth === choice.nth);
  if (choice === undefined || seen === undefined || seen.n < 3) return false;
  const value = 1 + ((choice.value + random.below(seen.n - 2)) % (seen.n - 1));
  if (value === choice.value) return false;
  draft.choices[index] = { ...choice, value };
  return true;
}

/**
 * Puts a changed deviation in the place of its original; the original stays if the changed one does not fit or is the
 * same.
 */
function replaceSwitch(draft: Draft, random: Random, change: (original: HotDeviation) => HotDeviation): boolean {
  if (draft.deviations.length === 0) return false;
  const index = random.below(draft.deviations.length);
  const original = draft.deviations[index];
  if (original === undefined) return false;
  const changed = change(original);
  if (changed.step === original.step && changed.target === original.target) return false;
  draft.deviations.splice(index, 1);
  if (draft.addDeviation(changed.task, changed.step, changed.target)) return true;
  draft.deviations.splice(index, 0, original);
  return false;
}

/** −NEAR … NEAR without 0. */
function offset(random: Random): number {
  const distance = 1 + random.below(NEAR);
  return random.chance(0.5) ? distance : -distance;
}
