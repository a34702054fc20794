// A lock that is held without sleeping: a sleep between lock and unlock is a finding. Word 0 holds the owner's slot + 1.
import { spin_lock, spin_lock_irq, spin_trylock, spin_unlock, spin_unlock_irq } from './abi/heddle';

@final
export class SpinLock {
  private owner: i32 = 0;

  /** Takes the lock; waits while another task holds it. The task may not sleep until it unlocks. */
  lock(): void {
    spin_lock(changetype<usize>(this));
  }

  /** Takes the lock if it is free. */
  tryLock(): bool {
    return spin_trylock(changetype<usize>(this));
  }

  /** Gives the lock back; a finding if the current task does not hold it. */
  unlock(): void {
    spin_unlock(changetype<usize>(this));
  }

  /** lock() with the interrupts of this task's processor off until unlockIrqRestore(). */
  lockIrqSave(): void {
    spin_lock_irq(changetype<usize>(this));
  }

  unlockIrqRestore(): void {
    spin_unlock_irq(changetype<usize>(this));
  }
}
