// Firmware (ACPI) part of a bind, as in v6.1 to v6.7: designs.md 2.3.
import { count } from 'heddle';
import { chosen } from './designs/chosen';
import { ENODEV, EPROBE_DEFER } from './errno';
import { count_firmware_read, dev_iommu_fwspec_get, iommu_fwspec_add_id, iommu_fwspec_init } from './fwspec';
import { iommu_ops_from_fwnode } from './iommu-register';
import { Device, device_node, Firmware } from './objects';
import { nr_specifiers, specifier_id, specifier_iommu } from './of-iommu';

/** 2.3: one ID. A missing instance leaves no placeholder. */
function acpi_iommu_fwspec_init(dev: Device, iommu: device_node, id: i32): i32 {
  const ops = iommu_ops_from_fwnode(iommu);
  if (!ops) return -EPROBE_DEFER;
  const ret = iommu_fwspec_init(dev, iommu, ops);
  return ret != 0 ? ret : iommu_fwspec_add_id(dev, id);
}

/** 2.3: every ID that one table gives the device; none is "no IOMMU". */
function configure_by_table(dev: Device, np: device_node, table: Firmware): i32 {
  count('firmware scans');
  const n = np.firmware == table ? nr_specifiers(dev, np) : 0;
  if (n == 0) return -ENODEV;
  for (let k = 0; k < n; k++) {
    const ret = acpi_iommu_fwspec_init(dev, specifier_iommu(dev, np, k), specifier_id(dev, np, k));
    if (ret != 0) return ret;
  }
  return 0;
}

/** 2.3: the first table, of ARM. */
function iort_iommu_configure_id(dev: Device, np: device_node): i32 {
  return configure_by_table(dev, np, Firmware.iort);
}

/** 2.3: the second table, asked if the first one knows nothing. */
function viot_iommu_configure(dev: Device, np: device_node): i32 {
  return configure_by_table(dev, np, Firmware.viot);
}

/** 2.3: does the device have a fwspec with its driver's ops? */
function acpi_iommu_fwspec_ops(dev: Device): bool {
  count_firmware_read();
  const fwspec = dev_iommu_fwspec_get(dev);
  return fwspec != null && fwspec.ops != null;
}

/** 2.3: 0 if the device has an IOMMU. The last look at dev->iommu is under no lock in any of these designs. */
export function acpi_iommu_configure_id(dev: Device, np: device_node): i32 {
  chosen.lock_for_firmware();
  if (acpi_iommu_fwspec_ops(dev)) {
    chosen.unlock_for_firmware();
    return 0;
  }
  let ret = iort_iommu_configure_id(dev, np);
  if (ret != 0 && ret != -EPROBE_DEFER) ret = viot_iommu_configure(dev, np);
  chosen.unlock_for_firmware();
  if (ret == 0 && chosen.wants_replay(dev)) ret = chosen.iommu_probe_device(dev);
  if (ret == -EPROBE_DEFER) return ret;
  return acpi_iommu_fwspec_ops(dev) ? 0 : -ENODEV;
}
