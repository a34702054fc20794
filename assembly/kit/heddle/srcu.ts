// RCU whose readers may sleep: each object is a domain of its own.
import { might_sleep, point } from './abi/heddle';
import { ReadSide } from './grace-period';

@final
export class Srcu extends ReadSide {
  /** Begins a read-side section; they nest. */
  readLock(): void {
    point(changetype<usize>(this));
    this.enter();
  }

  readUnlock(): void {
    point(changetype<usize>(this));
    this.leave();
  }

  /** Sleeps until every read-side section that had begun is left. */
  synchronize(): void {
    might_sleep();
    point(changetype<usize>(this));
    this.waitForReaders();
  }
}
