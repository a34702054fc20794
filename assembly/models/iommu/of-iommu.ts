// Firmware (OF) part of a bind, as in v6.6 and v6.7: designs.md 2.1 and 2.2. The designs differ in what lock_for_firmware() takes.
import { count } from 'heddle';
import { chosen } from './designs/chosen';
import { ENODEV, EPROBE_DEFER } from './errno';
import { dev_iommu_fwspec_get, iommu_fwspec_free, iommu_fwspec_init } from './fwspec';
import { iommu_ops_from_fwnode, iommu_probe_device } from './iommu-core';
import { Device, device_node } from './objects';
import { give_up } from './options';

/** 2.2 step 4. */
function driver_deferred_probe_check_state(): i32 {
  return give_up() ? -ENODEV : -EPROBE_DEFER;
}

/** 2.2: one specifier. */
function of_iommu_xlate(dev: Device, iommu: device_node, id: i32): i32 {
  const ops = iommu_ops_from_fwnode(iommu);
  if (ops && !ops.has_of_xlate()) return -ENODEV;
  let ret = iommu_fwspec_init(dev, iommu, ops);
  if (ret != 0) return ret;
  if (!ops) return driver_deferred_probe_check_state();
  ops.owner.get();
  count('of_xlate calls');
  ret = ops.of_xlate(dev, id);
  ops.owner.put();
  return ret;
}

/** 2.1 step 3: the specifiers in order, up to the first that fails; none is "no IOMMU". */
function of_iommu_configure_device(dev: Device, np: device_node): i32 {
  count('firmware scans');
  const n = np.nr_iommus;
  if (n == 0) return -ENODEV;
  for (let k = 0; k < n; k++) {
    const ret = of_iommu_xlate(dev, np.iommu(k), np.id(k));
    if (ret != 0) return ret;
  }
  return 0;
}

/** 2.1: 0 if the device has an IOMMU. */
export function of_iommu_configure(dev: Device, np: device_node): i32 {
  chosen.lock_for_firmware();
  let fwspec = dev_iommu_fwspec_get(dev);
  if (fwspec) {
    if (fwspec.ops) {
      chosen.unlock_for_firmware();
      return 0;
    }
    iommu_fwspec_free(dev); // the placeholder of an earlier deferral
  }
  let ret = of_iommu_configure_device(dev, np);
  if (ret == 0) {
    fwspec = dev_iommu_fwspec_get(dev); // it may have moved
    if (!fwspec!.ops) ret = -ENODEV;
  }
  chosen.unlock_for_firmware();
  if (ret == 0) ret = iommu_probe_device(dev);
  return ret;
}
