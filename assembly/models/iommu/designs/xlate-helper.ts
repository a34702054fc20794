// D3 of designs.md, section 5: no fwspec and no of_xlate callback. A bind only says where firmware's description is; the driver's
// probe_device reads it with iommu_of_xlate.
import { count, free, List } from 'heddle';
import { ERR_PTR } from '../errno';
import { __iommu_probe_device, iommu_probe_finalize } from '../iommu-core';
import { iommu_ops } from '../iommu-ops';
import { iommu_device_from_fwnode, iommu_ops_from_fwnode } from '../iommu-register';
import { Device, device_node, iommu_fwspec, iommu_group } from '../objects';
import { driver_deferred_probe_check_state, nr_specifiers, specifier_id, specifier_iommu } from '../of-iommu';
import { pinf_cache } from '../options';
import { iommu_probe_info } from '../probe-info';
import { V6_7 } from './v6_7';

/** Section 5 step 4: the driver of the first instance that firmware names; if that is missing, the bind has to wait. */
function ops_of_first_instance(pinf: iommu_probe_info): iommu_ops | null {
  count('firmware scans');
  const np = pinf.of_master_node;
  if (nr_specifiers(pinf.dev, np) == 0) return null;
  const node = specifier_iommu(pinf.dev, np, 0);
  if (node.disabled) return null;
  const ops = iommu_ops_from_fwnode(node);
  return ops ? ops : ERR_PTR<iommu_ops>(driver_deferred_probe_check_state());
}

/** Section 5 step 3: the same, and the specifiers are kept if one instance serves them all. Firmware is read once. */
function ops_of_cached_instance(pinf: iommu_probe_info): iommu_ops | null {
  count('firmware scans');
  const np = pinf.of_master_node;
  const n = nr_specifiers(pinf.dev, np);
  let ops: iommu_ops | null = null;
  let fits = true;
  for (let k = 0; k < n; k++) {
    const node = specifier_iommu(pinf.dev, np, k);
    if (node.disabled) return null;
    const iommu = iommu_device_from_fwnode(node);
    if (!iommu) return ERR_PTR<iommu_ops>(driver_deferred_probe_check_state());
    if (!ops) ops = iommu.ops;
    fits = fits && pinf.cache(iommu, specifier_id(pinf.dev, np, k));
  }
  if (!fits) pinf.drop_cache();
  return ops;
}

export class XlateHelper extends V6_7 {
  override drivers_read_firmware(): bool {
    return true;
  }

  /** Section 5 step 1. */
  override of_iommu_configure(dev: Device, np: device_node): i32 {
    if (dev.has_bus) dev.bus.request_acs();
    return this.iommu_probe_device_pinf(dev, np);
  }
  override acpi_iommu_configure_id(dev: Device, np: device_node): i32 {
    return this.iommu_probe_device_pinf(dev, np);
  }

  /** Section 5 step 1: the probe by the firmware path. */
  iommu_probe_device_pinf(dev: Device, np: device_node): i32 {
    const pinf = new iommu_probe_info(dev, np, true);
    this.lock_for_probe();
    const ret = __iommu_probe_device(dev, null, null, pinf);
    this.unlock_for_probe();
    free(pinf); // it was a local variable
    if (ret == 0) iommu_probe_finalize(dev);
    return ret;
  }

  /** Section 5 step 4: walk and notifier say that they are no bind. */
  override __iommu_probe_device(dev: Device, group_list: List<iommu_group> | null): i32 {
    const pinf = new iommu_probe_info(dev, dev.bus.firmware_node(dev), false);
    const ret = __iommu_probe_device(dev, group_list, null, pinf);
    free(pinf); // it was a local variable
    return ret;
  }

  override ops_to_ask(dev: Device, fwspec: iommu_fwspec | null, pinf: iommu_probe_info | null): iommu_ops | null {
    if (!pinf!.is_dma_configure) return dev.bus.iommu_ops;
    return pinf_cache() ? ops_of_cached_instance(pinf!) : ops_of_first_instance(pinf!);
  }
}
