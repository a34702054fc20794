// D0c of designs.md, section 2: the probe mutex covers the probe only; the firmware path runs outside any lock.
import { Design, lock_probe_mutex, unlock_probe_mutex } from './base';

@final
export class V6_6 extends Design {
  override lock_in_probe(): void {
    lock_probe_mutex();
  }
  override unlock_in_probe(): void {
    unlock_probe_mutex();
  }
}
