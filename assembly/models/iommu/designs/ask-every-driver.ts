// D5 of designs.md, section 5: the device is offered to one driver after the other until one claims it.
import { count } from 'heddle';
import { ENODEV } from '../errno';
import { iommu_init_device } from '../iommu-core';
import { iommu_ops } from '../iommu-ops';
import { iommu_device_from_fwnode, iommu_device_list } from '../iommu-register';
import { bus_type, Device, iommu_device, iommu_fwspec } from '../objects';
import { driver_deferred_probe_check_state, nr_specifiers, specifier_iommu } from '../of-iommu';
import { iommu_probe_info } from '../probe-info';
import { lock_probe_mutex, unlock_probe_mutex } from './base';
import { XlateHelper } from './xlate-helper';

/** Section 5: nobody has claimed the device; does a bind have to wait for an instance that firmware names? */
function missing_instance(pinf: iommu_probe_info): i32 {
  count('firmware scans');
  const np = pinf.of_master_node;
  const n = nr_specifiers(pinf.dev, np);
  for (let k = 0; k < n; k++) {
    const node = specifier_iommu(pinf.dev, np, k);
    if (!node.disabled && !iommu_device_from_fwnode(node)) return driver_deferred_probe_check_state();
  }
  return -ENODEV;
}

/** Section 5: each distinct driver is asked once. Does an instance before this one have the same? */
function was_asked(before: iommu_device): bool {
  for (let iommu = iommu_device_list.first(); iommu != before; iommu = iommu_device_list.next(iommu)) {
    if (iommu!.ops == before.ops) return true;
  }
  return false;
}

@final
export class AskEveryDriver extends XlateHelper {
  /** Section 5: the list is guarded by the probe mutex, and who looks at it holds that already. */
  override lock_for_registration(): void {
    lock_probe_mutex();
  }
  override unlock_for_registration(): void {
    unlock_probe_mutex();
  }
  override lock_iommu_device_list(): void {}
  override unlock_iommu_device_list(): void {}

  override allows_one_driver(): bool {
    return false;
  }
  override publish_ops(bus: bus_type, ops: iommu_ops): void {}

  override knows_ops(): bool {
    return false;
  }
  override ops_to_ask(dev: Device, fwspec: iommu_fwspec | null, pinf: iommu_probe_info | null): iommu_ops | null {
    return null;
  }

  /** Section 5: any answer but -ENODEV ends the search. */
  override iommu_init_device(
    dev: Device,
    ops: iommu_ops | null,
    fwspec: iommu_fwspec | null,
    pinf: iommu_probe_info | null,
  ): i32 {
    for (let iommu = iommu_device_list.first(); iommu; iommu = iommu_device_list.next(iommu)) {
      if (was_asked(iommu)) continue;
      const ret = iommu_init_device(dev, iommu.ops!, null, pinf);
      if (ret != -ENODEV) return ret;
    }
    return pinf!.is_dma_configure ? missing_instance(pinf!) : -ENODEV;
  }
}
