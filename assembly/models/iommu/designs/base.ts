// What the designs of the subsystem differ in. The methods' bodies here are the neutral ones; each design overrides what it changes.
import { Mutex } from 'heddle';
import { Device, device_node } from '../objects';
import { of_iommu_configure } from '../of-iommu';

/** One mutex for the probing of all devices (from v6.2 on). */
export const iommu_probe_device_lock = new Mutex();

export class Design {
  /** Around steps 1 to 4 of of_iommu_configure (2.1). */
  lock_for_firmware(): void {}
  unlock_for_firmware(): void {}

  /** Around __iommu_probe_device, by its callers. */
  lock_for_probe(): void {}
  unlock_for_probe(): void {}

  /** In __iommu_probe_device, after it has read the bus's ops (2.4 step 2). */
  lock_in_probe(): void {}
  unlock_in_probe(): void {}

  /** From a bus's dma_configure: what firmware says about the device's IOMMU. 0 if it has one. */
  of_iommu_configure(dev: Device, np: device_node): i32 {
    return of_iommu_configure(dev, np);
  }
}
