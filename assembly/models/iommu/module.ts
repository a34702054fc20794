// References to the module of an IOMMU driver (designs.md 2.4, the ledger).
import { count, fault } from 'heddle';
import { iommu_ops } from './iommu-ops';
import { Device } from './objects';
import { faults } from './options';

/** 2.2 step 5, 2.4 step 4 b: on behalf of a device. False if the module is going. */
export function module_get(dev: Device, ops: iommu_ops): bool {
  if (faults() && fault('the driver is being unloaded') && dev.excuse()) return false;
  count('module gets');
  ops.owner.get();
  return true;
}

/** 2.2 step 5, 2.4 step 6: the counterpart. */
export function module_put(ops: iommu_ops): void {
  ops.owner.put();
}
