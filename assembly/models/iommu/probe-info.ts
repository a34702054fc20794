// The designs without fwspec: what a bind knows about a device's firmware, and the helper by which drivers read it (designs.md section 5).
import { count, fault } from 'heddle';
import { ENODEV, ENOMEM } from './errno';
import { iommu_ops } from './iommu-ops';
import { iommu_device_from_fwnode } from './iommu-register';
import { Device, device_node, driver_data, iommu_device } from './objects';
import { driver_deferred_probe_check_state, nr_specifiers, specifier_id, specifier_iommu } from './of-iommu';
import { bus_probe, faults } from './options';

const MAX_IDS: i32 = 4;

/** Section 5 step 1: lies on the stack of the firmware path, of the walk or of the notifier. */
@final
export class iommu_probe_info {
  /** Section 5 step 3: the only instance that firmware names, if it was looked up; and the IDs. */
  cached_iommu: iommu_device | null = null;
  num_cached_ids: i32 = 0;
  private id0: i32 = 0;
  private id1: i32 = 0;
  private id2: i32 = 0;
  private id3: i32 = 0;

  constructor(
    public dev: Device,
    public of_master_node: device_node,
    public is_dma_configure: bool,
  ) {}

  cached_id(k: i32): i32 {
    return load<i32>(changetype<usize>(this) + ((<usize>k) << 2), offsetof<iommu_probe_info>('id0'));
  }
  /** Keeps one more ID; false if there is no room or another instance before it. */
  cache(iommu: iommu_device, id: i32): bool {
    const k = this.num_cached_ids;
    if (k == MAX_IDS || (k > 0 && this.cached_iommu != iommu)) return false;
    this.cached_iommu = iommu;
    store<i32>(changetype<usize>(this) + ((<usize>k) << 2), id, offsetof<iommu_probe_info>('id0'));
    this.num_cached_ids = k + 1;
    return true;
  }
  drop_cache(): void {
    this.cached_iommu = null;
    this.num_cached_ids = 0;
  }
}

/** Section 5 step 2: is the specifier's instance this driver's? */
function check_instance(iommu: iommu_device, ops: iommu_ops): i32 {
  if (iommu.ops == ops) return 0;
  count('drivers that parse firmware for a foreign device');
  return -ENODEV;
}

/** Section 5 step 2: one specifier for the driver. */
function call_xlate_fn(
  pinf: iommu_probe_info,
  fn: (iommu: iommu_device, id: i32, data: driver_data) => i32,
  iommu: iommu_device,
  id: i32,
  data: driver_data,
): i32 {
  if (faults() && fault('the driver rejects a specifier') && pinf.dev.excuse()) return -ENOMEM;
  return fn(iommu, id, data);
}

/** Section 5 step 3: the specifiers as the search for the driver has left them. */
function xlate_cached(
  pinf: iommu_probe_info,
  iommu: iommu_device,
  ops: iommu_ops,
  fn: (iommu: iommu_device, id: i32, data: driver_data) => i32,
  data: driver_data,
): i32 {
  let ret = check_instance(iommu, ops);
  for (let k = 0; ret == 0 && k < pinf.num_cached_ids; k++)
    ret = call_xlate_fn(pinf, fn, iommu, pinf.cached_id(k), data);
  return ret;
}

/**
 * Section 5 step 2: calls `fn(instance, id, data)` for each specifier of the device, to the first error. The driver's probe_device calls
 * it with its own data, so that nothing shared is touched before the driver has succeeded. -ENODEV for the walk and the
 * notifier, unless the drivers have opted in.
 */
export function iommu_of_xlate(
  pinf: iommu_probe_info,
  ops: iommu_ops,
  fn: (iommu: iommu_device, id: i32, data: driver_data) => i32,
  data: driver_data,
): i32 {
  if (!pinf.is_dma_configure && !bus_probe()) return -ENODEV;
  const cached = pinf.cached_iommu;
  if (cached) return xlate_cached(pinf, cached, ops, fn, data);
  count('firmware scans');
  const np = pinf.of_master_node;
  const n = nr_specifiers(pinf.dev, np);
  if (n == 0) return -ENODEV;
  for (let k = 0; k < n; k++) {
    const node = specifier_iommu(pinf.dev, np, k);
    if (node.disabled) return -ENODEV;
    const iommu = iommu_device_from_fwnode(node);
    if (!iommu) return driver_deferred_probe_check_state();
    let ret = check_instance(iommu, ops);
    if (ret == 0) ret = call_xlate_fn(pinf, fn, iommu, specifier_id(pinf.dev, np, k), data);
    if (ret != 0) return ret;
  }
  return 0;
}
