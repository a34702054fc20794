// References that keep a module loaded: none can be taken once its unloading has begun.
import { point, report } from './abi/heddle';
import { REFCOUNT_MISUSE } from './kinds';

@final
export class ModuleRef {
  private references: i32 = 0;
  private going: bool = false;

  /** Takes a reference unless the module is being unloaded. */
  tryGet(): bool {
    point(changetype<usize>(this));
    if (this.going) return false;
    this.references += 1;
    return true;
  }

  /** Puts a reference; a finding if there is none. */
  put(): void {
    const p = changetype<usize>(this);
    point(p);
    if (this.references <= 0) report(REFCOUNT_MISUSE, p);
    else this.references -= 1;
  }

  /** Begins to unload the module if nobody uses it and nobody else unloads it. */
  unload(): bool {
    point(changetype<usize>(this));
    if (this.references != 0 || this.going) return false;
    this.going = true;
    return true;
  }

  /** The module is loaded (again). */
  load(): void {
    point(changetype<usize>(this));
    this.going = false;
  }
}
