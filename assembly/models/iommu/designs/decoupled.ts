// D2 of designs.md, section 4: the firmware path builds a fwspec of its own, which the probe then takes over; drivers with the old of_xlate
// borrow dev->iommu for each call, under the probe mutex.
import { count } from 'heddle';
import { EINVAL, ENODEV, ENOMEM, EPROBE_DEFER } from '../errno';
import {
  count_firmware_read,
  probed_fwspec_get,
  dev_iommu_get,
  iommu_fwspec_alloc,
  iommu_fwspec_append_id,
  iommu_fwspec_assign,
  iommu_fwspec_dealloc,
  iommu_fwspec_install,
} from '../fwspec';
import { __iommu_probe_device, iommu_probe_finalize } from '../iommu-core';
import { iommu_ops } from '../iommu-ops';
import { iommu_ops_from_fwnode } from '../iommu-register';
import { module_get, module_put } from '../module';
import { Device, device_node, Firmware, iommu_fwspec } from '../objects';
import { call_of_xlate, call_of_xlate_fwspec, driver_deferred_probe_check_state } from '../of-iommu';
import { nr_specifiers, specifier_id, specifier_iommu } from '../of-iommu';
import { agreed_deferral } from '../options';
import { iommu_probe_info } from '../probe-info';
import { lock_firmware_mutex, lock_probe_mutex, unlock_firmware_mutex, unlock_probe_mutex } from './base';
import { V6_7 } from './v6_7';

/** 4.1 step 2: the first specifier decides whose the fwspec is. In the posted series an instance that is missing later on is an error. */
function iommu_fwspec_assign_iommu(fwspec: iommu_fwspec, iommu: device_node): i32 {
  const ops = iommu_ops_from_fwnode(iommu);
  if (!ops && (!fwspec.iommu_fwnode || agreed_deferral())) return driver_deferred_probe_check_state();
  if (fwspec.iommu_fwnode) return fwspec.ops == ops ? 0 : -EINVAL;
  iommu_fwspec_assign(fwspec, iommu, ops);
  return 0;
}

/** 4.1 step 2, a driver with the old callback: dev->iommu points to the fwspec while it runs. */
function legacy_of_xlate(fwspec: iommu_fwspec, dev: Device, ops: iommu_ops, iommu: device_node, id: i32): i32 {
  lock_firmware_mutex();
  count_firmware_read(4);
  if (!dev_iommu_get(dev)) {
    unlock_firmware_mutex();
    return -ENOMEM;
  }
  iommu_fwspec_install(dev, fwspec);
  const ret = call_of_xlate(dev, ops, iommu, id);
  if (dev.iommu!.fwspec == fwspec) dev.iommu!.fwspec = null;
  unlock_firmware_mutex();
  return ret;
}

/** 4.1 step 2: one specifier. */
function iommu_fwspec_of_xlate(fwspec: iommu_fwspec, dev: Device, iommu: device_node, id: i32): i32 {
  if (iommu.disabled) return -ENODEV;
  let ret = iommu_fwspec_assign_iommu(fwspec, iommu);
  if (ret != 0) return ret;
  const ops = fwspec.ops!;
  if (!ops.has_of_xlate() || !module_get(dev, ops)) return -ENODEV;
  ret = ops.has_of_xlate_fwspec()
    ? call_of_xlate_fwspec(fwspec, dev, ops, iommu, id)
    : legacy_of_xlate(fwspec, dev, ops, iommu, id);
  module_put(ops);
  return ret;
}

/** 4.1 step 2 by the ACPI tables: their drivers need no callback. */
function iommu_fwspec_acpi(fwspec: iommu_fwspec, dev: Device, iommu: device_node, id: i32): i32 {
  const ops = iommu_ops_from_fwnode(iommu);
  if (!ops) return -EPROBE_DEFER;
  const ret = iommu_fwspec_assign_iommu(fwspec, iommu);
  return ret != 0 ? ret : iommu_fwspec_append_id(fwspec, dev, id);
}

/** 4.1 step 2: all specifiers, up to the first that fails; none is "no IOMMU". */
function fill_fwspec(fwspec: iommu_fwspec, dev: Device, np: device_node): i32 {
  count('firmware scans');
  const n = nr_specifiers(dev, np);
  if (n == 0) return -ENODEV;
  for (let k = 0; k < n; k++) {
    const iommu = specifier_iommu(dev, np, k);
    const id = specifier_id(dev, np, k);
    const ret =
      np.firmware == Firmware.device_tree
        ? iommu_fwspec_of_xlate(fwspec, dev, iommu, id)
        : iommu_fwspec_acpi(fwspec, dev, iommu, id);
    if (ret != 0) return ret;
  }
  return 0;
}

/** Section 4, patch 7: the fwspec is the callee's, whatever comes of it. */
function iommu_probe_device_fwspec(dev: Device, fwspec: iommu_fwspec): i32 {
  lock_probe_mutex();
  const ret = __iommu_probe_device(dev, null, fwspec, null);
  unlock_probe_mutex();
  if (ret == 0) iommu_probe_finalize(dev);
  return ret;
}

/** 4.1, and section 4, patch 10. */
function configure(dev: Device, np: device_node): i32 {
  const fwspec = iommu_fwspec_alloc(dev);
  if (!fwspec) return -ENOMEM;
  const ret = fill_fwspec(fwspec, dev, np);
  if (ret == 0) return iommu_probe_device_fwspec(dev, fwspec);
  iommu_fwspec_dealloc(fwspec);
  return ret;
}

@final
export class Decoupled extends V6_7 {
  override keeps_ids_apart(): bool {
    return true;
  }

  /** 4.1: every bind parses anew. */
  override of_iommu_configure(dev: Device, np: device_node): i32 {
    if (dev.has_bus) dev.bus.request_acs();
    return configure(dev, np);
  }
  override acpi_iommu_configure_id(dev: Device, np: device_node): i32 {
    return configure(dev, np);
  }

  /** 4.2: the caller's fwspec, or what hangs on the device, says whom to ask; without one, the bus does. */
  override ops_to_ask(dev: Device, fwspec: iommu_fwspec | null, pinf: iommu_probe_info | null): iommu_ops | null {
    const spec = fwspec ? fwspec : probed_fwspec_get(dev);
    const ops = spec ? spec.ops : null;
    if (ops) return ops;
    return dev.has_bus ? dev.bus.iommu_ops : null;
  }
}
