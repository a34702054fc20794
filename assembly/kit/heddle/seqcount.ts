// A version number for data that readers copy without a lock: odd while a writer writes. Writers must exclude each other by a lock of
// their own, as in C, and may not sleep while they write. The data's accesses race by design: mark them with READ_ONCE and WRITE_ONCE.
import { atomic_enter, atomic_exit, block, point, wake } from './abi/heddle';
import { EVERYONE } from './kinds';

@final
export class Seqcount {
  private sequence: i32 = 0;

  /** Waits until no writer writes, and answers the version for readRetry(). */
  readBegin(): i32 {
    const p = changetype<usize>(this);
    point(p);
    while (this.sequence & 1) block(p);
    return this.sequence;
  }

  /** Was anything written since readBegin()? Then what was read is worth nothing. */
  readRetry(version: i32): bool {
    point(changetype<usize>(this));
    return this.sequence != version;
  }

  writeBegin(): void {
    point(changetype<usize>(this));
    atomic_enter();
    this.sequence += 1;
  }

  writeEnd(): void {
    const p = changetype<usize>(this);
    point(p);
    atomic_exit();
    this.sequence += 1;
    if (!(this.sequence & 1)) wake(p, EVERYONE);
  }
}
