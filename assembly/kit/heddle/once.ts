// Something that is done once, by whoever comes first; the others wait until it is done.
import { acquired, at, block, call_site, might_sleep, point, released, report, self, wake } from './abi/heddle';
import { EVERYONE, SELF_DEADLOCK } from './kinds';

@final
export class Once {
  private done: bool = false;
  private runner: i32 = 0; // slot + 1

  /** Runs `f` unless that was done; sleeps while another task runs it. Afterwards it is done. */
  run(f: () => void): void {
    const p = changetype<usize>(this);
    point(p);
    if (this.done) return;
    might_sleep();
    if (this.runner != 0) {
      if (this.runner == self() + 1) report(SELF_DEADLOCK, p);
      while (this.runner != 0) block(p);
      return;
    }
    this.runner = self() + 1;
    acquired(p, 0);
    const call = call_site();
    f();
    at(call);
    point(p);
    this.runner = 0;
    this.done = true;
    released(p);
    wake(p, EVERYONE);
  }

  isDone(): bool {
    point(changetype<usize>(this));
    return this.done;
  }
}
