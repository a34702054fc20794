// Read-side sections and who waits for those that had begun: the common part of Rcu and Srcu. For the kit: no scheduling points.
import { acquired, block, holds, released, report, self, wake } from './abi/heddle';
import { EVERYONE, SELF_DEADLOCK, UNLOCK_BY_NON_OWNER } from './kinds';

/** A task's wait: one bit a slot for each reader that had begun before it and has not left. */
class GracePeriod {
  low: u64 = 0;
  high: u64 = 0;
  inUse: bool = false;
  next: GracePeriod | null = null;
}

/** For `acquired`: a reader that never waits, so that no order of locks follows from it. */
const NEVER_WAITS: i32 = 2;

export class ReadSide {
  // One bit a slot: the task is in a read-side section. How deep it is nested: how often it holds this object.
  private low: u64 = 0;
  private high: u64 = 0;
  private periods: GracePeriod | null = new GracePeriod();

  enter(): void {
    acquired(changetype<usize>(this), NEVER_WAITS);
    const slot = self();
    if (slot < 64) this.low |= (<u64>1) << slot;
    else this.high |= (<u64>1) << (slot - 64);
  }

  /** False if the task is in no section: a finding. */
  leave(): bool {
    const p = changetype<usize>(this);
    if (!holds(p)) {
      report(UNLOCK_BY_NON_OWNER, p);
      return false;
    }
    released(p);
    if (holds(p)) return true;
    const slot = self();
    const low: u64 = slot < 64 ? ~((<u64>1) << slot) : ~(<u64>0);
    const high: u64 = slot < 64 ? ~(<u64>0) : ~((<u64>1) << (slot - 64));
    this.low &= low;
    this.high &= high;
    let isOver = false;
    let period = this.periods;
    while (period) {
      const waited = (period.low | period.high) != 0;
      period.low &= low;
      period.high &= high;
      if (waited && !(period.low | period.high)) isOver = true;
      period = period.next;
    }
    if (isOver) wake(p, EVERYONE);
    return true;
  }

  /** Waits until every section that has begun is left. */
  waitForReaders(): void {
    const p = changetype<usize>(this);
    if (holds(p)) report(SELF_DEADLOCK, p);
    if (!(this.low | this.high)) return;
    const period = this.unused();
    period.low = this.low;
    period.high = this.high;
    period.inUse = true;
    while (period.low | period.high) block(p);
    period.inUse = false;
  }

  private unused(): GracePeriod {
    let period = this.periods;
    while (period) {
      if (!period.inUse) return period;
      period = period.next;
    }
    const added = new GracePeriod();
    added.next = this.periods;
    this.periods = added;
    return added;
  }
}
