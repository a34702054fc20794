// The references to instances' devices that of_xlate takes and that nobody puts (designs.md section 10, dart and ipmmu), for promise 1: which of
// them belong to a configuration that went well, and which to one that failed (S7).
import { Ghost, GhostTable, self } from 'heddle';

/** By task: taken by the configuration that it is in. */
const taken = new GhostTable();
const kept = new Ghost();

const TASKS: i32 = 32;

function of_task(): i32 {
  return self() & (TASKS - 1);
}

/** of_xlate has taken one, and will not put it. */
export function keeps_reference(): void {
  taken.add(of_task(), 1);
}

/** A configuration from firmware has ended. */
export function configuration_keeps(ret: i32): void {
  if (ret == 0) kept.add(taken.get(of_task()));
  taken.set(of_task(), 0);
}

/** How many there are of configurations that went well. */
export function kept_references(): i32 {
  return kept.get();
}
