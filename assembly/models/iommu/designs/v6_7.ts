// D1 of designs.md, section 3: the same mutex also covers the firmware path; it is dropped between the two.
import { Design, lock_firmware_mutex, lock_probe_mutex, unlock_firmware_mutex, unlock_probe_mutex } from './base';

export class V6_7 extends Design {
  override lock_for_firmware(): void {
    lock_firmware_mutex();
  }
  override unlock_for_firmware(): void {
    unlock_firmware_mutex();
  }
  override lock_for_probe(): void {
    lock_probe_mutex();
  }
  override unlock_for_probe(): void {
    unlock_probe_mutex();
  }
}
