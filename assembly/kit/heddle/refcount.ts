// A reference count that knows its rules: no reference can be taken of a dead object, none can be put twice.
import { point, report } from './abi/heddle';
import { REFCOUNT_MISUSE } from './kinds';

const SATURATED: i32 = 0x40000000;

@final
export class Refcount {
  private references: i32;

  constructor(references: i32 = 1) {
    this.references = references;
  }

  /** Takes a reference. A finding if there is none left to take it from, or if there are more than can be counted. */
  get(): void {
    const p = changetype<usize>(this);
    point(p);
    if (this.references <= 0 || this.references >= SATURATED) {
      report(REFCOUNT_MISUSE, p);
      return;
    }
    this.references += 1;
  }

  /** Takes a reference unless the last one is gone. */
  getNotZero(): bool {
    const p = changetype<usize>(this);
    point(p);
    if (this.references == 0) return false;
    if (this.references >= SATURATED) {
      report(REFCOUNT_MISUSE, p);
      return true;
    }
    this.references += 1;
    return true;
  }

  /** Puts a reference and answers whether it was the last. A finding if there is none. */
  put(): bool {
    const p = changetype<usize>(this);
    point(p);
    if (this.references <= 0) {
      report(REFCOUNT_MISUSE, p);
      return false;
    }
    this.references -= 1;
    return this.references == 0;
  }

  /** How many references there are. */
  value(): i32 {
    point(changetype<usize>(this));
    return this.references;
  }
}
