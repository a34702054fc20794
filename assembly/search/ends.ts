// Ends of executions: final states are judged once each.
import { FINDINGS } from '../executor/layout';
import { control, head } from '../executor/state';
import { DEADLOCK } from '../oracles/finding';
import { checkEndInvariants } from '../oracles/invariants';
import { checkLeaks } from '../oracles/leak';
import { exactKey } from './key';
import { add } from './visited';

/** Added to the keys of final states: they share the table with those where something can go on. */
const FINAL: u64 = 0x5bd1e995c2b2ae35;

export function judge(): void {
  if (head.fatal) return;
  const key = exactKey() ^ FINAL;
  if (!add(key ? key : 1)) return;
  if (control.endInvariants) checkEndInvariants();
  if (head.objectsLive > 0) checkLeaks();
}

/** A finding ended the execution although tasks could have gone on. */
export function endedEarly(): bool {
  return head.fatal != 0 && !(head.findings > 0 && load<i32>(FINDINGS + (<usize>(head.findings - 1) << 6)) == DEADLOCK);
}
