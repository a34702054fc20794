// The designs without fwspec: what a bind knows about a device's firmware, and the helper by which drivers read it (designs.md section 5).
import { count } from 'heddle';
import { ENODEV } from './errno';
import { iommu_ops } from './iommu-ops';
import { iommu_device_from_fwnode } from './iommu-register';
import { Device, device_node, driver_data, iommu_device } from './objects';
import { driver_deferred_probe_check_state, nr_specifiers, specifier_id, specifier_iommu } from './of-iommu';

/** Section 5 step 1: lies on the stack of the firmware path, of the walk or of the notifier. */
@final
export class iommu_probe_info {
  constructor(
    public dev: Device,
    public of_master_node: device_node,
    public is_dma_configure: bool,
  ) {}
}

/**
 * Section 5 step 2: calls `fn(instance, id, data)` for each specifier of the device, to the first error. The driver's probe_device calls
 * it with its own data, so that nothing shared is touched before the driver has succeeded. -ENODEV for the walk and the notifier.
 */
export function iommu_of_xlate(
  pinf: iommu_probe_info,
  ops: iommu_ops,
  fn: (iommu: iommu_device, id: i32, data: driver_data) => i32,
  data: driver_data,
): i32 {
  if (!pinf.is_dma_configure) return -ENODEV;
  count('firmware scans');
  const np = pinf.of_master_node;
  const n = nr_specifiers(pinf.dev, np);
  if (n == 0) return -ENODEV;
  for (let k = 0; k < n; k++) {
    const node = specifier_iommu(pinf.dev, np, k);
    if (node.disabled) return -ENODEV;
    const iommu = iommu_device_from_fwnode(node);
    if (!iommu) return driver_deferred_probe_check_state();
    if (iommu.ops != ops) {
      count('drivers that parse firmware for a foreign device');
      return -ENODEV;
    }
    const ret = fn(iommu, specifier_id(pinf.dev, np, k), data);
    if (ret != 0) return ret;
  }
  return 0;
}
