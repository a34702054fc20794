/**
 * Runs a schedule once more with one order turned round and everything else as it was, as far as it can be: the step that came first waits
 * until the other one was made.
 */
import type { Move, Stepper } from '../executor/stepping.js';
import type { HotSchedule } from '../schedule/schedule.js';

/** Before its own step `at`, `task` waits until all of `until` were made. */
export interface Hold {
  readonly task: number;
  readonly at: number;
  readonly until: readonly Move[];
}

export interface Flipped {
  /** `false`: nobody else could go on, so the order cannot be turned round in this way. */
  readonly isFeasible: boolean;
  /** What ran; replays in every build. */
  readonly schedule: HotSchedule;
  readonly moves: number;
}

/** More moves than the run had by this factor are not waited for. */
const LONGER = 4;

/** `moves` are those of the schedule's run. */
export function runHeld(stepper: Stepper, schedule: HotSchedule, moves: readonly Move[], hold: Hold): Flipped {
  const open = new Set(hold.until.map(keyOf));
  const left = [...moves];
  let made = 0;
  let isFeasible = true;
  stepper.begin(schedule);
  while (stepper.isOpen && made < moves.length * LONGER + 100) {
    const isHeld = (task: number): boolean => open.size > 0 && task === hold.task && stepper.restOf(task) === hold.at;
    const ready = stepper.executor.ready();
    const can = ready.filter((task) => !isHeld(task));
    if (can.length === 0) {
      // Whoever could turn the order round waits for the one that is held.
      isFeasible = false;
      open.clear();
      continue;
    }
    const at = left.findIndex(({ task }) => can.includes(task));
    const next = left[at]?.task ?? (can.includes(stepper.byDefault) ? stepper.byDefault : (can[0] ?? 0));
    if (at >= 0) left.splice(at, 1);
    open.delete(keyOf(stepper.move(next)));
    made += 1;
  }
  while (stepper.isOpen && made < moves.length * LONGER * 2 + 200) {
    stepper.move(null);
    made += 1;
  }
  const { recorded } = stepper.isOpen ? stepper.runOn(stepper.byDefault) : stepper.finish();
  return { isFeasible: isFeasible && open.size === 0, schedule: recorded, moves: made };
}

function keyOf({ task, at }: Move): string {
  return `${task},${at}`;
}
