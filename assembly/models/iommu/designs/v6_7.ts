// D1 of designs.md, section 3: the same mutex also covers the firmware path; it is dropped between the two.
import { Design, iommu_probe_device_lock } from './base';

@final
export class V6_7 extends Design {
  override lock_for_firmware(): void {
    iommu_probe_device_lock.lock();
  }
  override unlock_for_firmware(): void {
    iommu_probe_device_lock.unlock();
  }
  override lock_for_probe(): void {
    iommu_probe_device_lock.lock();
  }
  override unlock_for_probe(): void {
    iommu_probe_device_lock.unlock();
  }
}
