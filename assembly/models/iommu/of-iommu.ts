// Firmware (OF) part of a bind, as in v6.1 to v6.7: designs.md 2.1 and 2.2. The designs differ in what lock_for_firmware() takes.
import { count, fault } from 'heddle';
import { chosen } from './designs/chosen';
import { ENODEV, ENOMEM, EPROBE_DEFER } from './errno';
import { count_firmware_read, dev_iommu_fwspec_get, iommu_fwspec_free, iommu_fwspec_init } from './fwspec';
import { iommu_ops } from './iommu-ops';
import { iommu_ops_from_fwnode } from './iommu-register';
import { module_get, module_put } from './module';
import { Device, device_node, iommu_fwspec } from './objects';
import { faults, give_up } from './options';

/** 2.2 step 4. */
export function driver_deferred_probe_check_state(): i32 {
  return give_up() ? -ENODEV : -EPROBE_DEFER;
}

/** 2.1 step 3: how many IDs firmware gives the device. */
export function nr_specifiers(dev: Device, np: device_node): i32 {
  return dev.has_bus ? dev.bus.nr_specifiers(dev, np) : np.nr_iommus;
}

/** 2.1 step 3: the instance of the k-th of them. */
export function specifier_iommu(dev: Device, np: device_node, k: i32): device_node {
  return dev.has_bus ? dev.bus.specifier_iommu(dev, np, k) : np.iommu(k);
}

/** 2.1 step 3: the k-th of them. */
export function specifier_id(dev: Device, np: device_node, k: i32): i32 {
  return dev.has_bus ? dev.bus.specifier_id(dev, np, k) : np.id(k);
}

/** 2.2 step 5. */
export function call_of_xlate(dev: Device, ops: iommu_ops, iommu: device_node, id: i32): i32 {
  count('of_xlate calls');
  if (faults() && fault('of_xlate fails') && dev.excuse()) return -ENOMEM;
  return ops.of_xlate(dev, iommu, id);
}

/** 4.1 step 2. */
export function call_of_xlate_fwspec(
  fwspec: iommu_fwspec,
  dev: Device,
  ops: iommu_ops,
  iommu: device_node,
  id: i32,
): i32 {
  count('of_xlate calls');
  if (faults() && fault('of_xlate_fwspec fails') && dev.excuse()) return -ENOMEM;
  return ops.of_xlate_fwspec(fwspec, dev, iommu, id);
}

/** 2.2: one specifier. */
function of_iommu_xlate(dev: Device, iommu: device_node, id: i32): i32 {
  const ops = iommu_ops_from_fwnode(iommu);
  if ((ops && !ops.has_of_xlate()) || iommu.disabled) return -ENODEV;
  let ret = iommu_fwspec_init(dev, iommu, ops);
  if (ret != 0) return ret;
  if (!ops) return driver_deferred_probe_check_state();
  if (!module_get(dev, ops)) return -ENODEV;
  ret = call_of_xlate(dev, ops, iommu, id);
  module_put(ops);
  return ret;
}

/** 2.1 step 3: the specifiers in order, up to the first that fails; none is "no IOMMU". */
function of_iommu_configure_device(dev: Device, np: device_node): i32 {
  count('firmware scans');
  const n = nr_specifiers(dev, np);
  if (n == 0) return -ENODEV;
  for (let k = 0; k < n; k++) {
    const ret = of_iommu_xlate(dev, specifier_iommu(dev, np, k), specifier_id(dev, np, k));
    if (ret != 0) return ret;
  }
  return 0;
}

/** 2.1: 0 if the device has an IOMMU. */
export function of_iommu_configure(dev: Device, np: device_node): i32 {
  chosen.lock_for_firmware();
  count_firmware_read();
  let fwspec = dev_iommu_fwspec_get(dev);
  if (fwspec) {
    if (fwspec.ops) {
      chosen.unlock_for_firmware();
      return 0;
    }
    iommu_fwspec_free(dev); // the placeholder of an earlier deferral
  }
  if (dev.has_bus) dev.bus.request_acs();
  let ret = of_iommu_configure_device(dev, np);
  if (ret == 0) {
    count_firmware_read();
    fwspec = dev_iommu_fwspec_get(dev); // it may have moved
    if (!fwspec!.ops) ret = -ENODEV;
  }
  chosen.unlock_for_firmware();
  if (ret == 0 && chosen.wants_replay(dev)) ret = chosen.iommu_probe_device(dev);
  return ret;
}
