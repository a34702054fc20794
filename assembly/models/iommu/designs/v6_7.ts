// D1 of designs.md, section 3: the same mutex also covers the firmware path; it is dropped between the two.
import { Design, iommu_probe_device_lock, lock_probe_mutex } from './base';

export class V6_7 extends Design {
  override lock_for_firmware(): void {
    lock_probe_mutex();
  }
  override unlock_for_firmware(): void {
    iommu_probe_device_lock.unlock();
  }
  override lock_for_probe(): void {
    lock_probe_mutex();
  }
  override unlock_for_probe(): void {
    iommu_probe_device_lock.unlock();
  }
}
