// The driver profile `ipmmu` of designs.md section 10: registers before its data can be found, and takes an instance's data for a device's.
import { fault } from 'heddle';
import { chosen } from '../designs/chosen';
import { EINVAL, ENODEV, ENOMEM, ERR_PTR } from '../errno';
import { probed_fwspec_get, iommu_fwspec_add_id } from '../fwspec';
import { generic_single_device_group } from '../group';
import { Grouping } from '../iommu-ops';
import { Device, device_node, driver_data, iommu_device, iommu_domain, iommu_group } from '../objects';
import { faults } from '../options';
import { iommu_probe_info } from '../probe-info';
import { count_device_data, device_specifiers, fill_from_firmware, free_device_data, ids_ops } from './device-data';
import { keeps_reference } from '../promises/references';
import { of_find_device_by_node } from './find-device';
import { iommu_driver, register_and_store } from './instance';

/** An instance; drvdata of its hardware device, and dev->iommu->priv of the devices that it translates for. */
@final
export class ipmmu_vmsa_device extends iommu_device {}

/** Section 5: dev->iommu->priv where there is no fwspec that could keep the IDs. */
@final
export class ipmmu_master extends device_specifiers {}

/** Section 10, of_xlate: one ID; the reference of the instance's device is not put. */
function ipmmu_of_xlate(dev: Device, iommu: device_node, id: i32): i32 {
  const ret = iommu_fwspec_add_id(dev, id);
  if (ret != 0 || dev.iommu!.priv) return ret;
  const hardware = of_find_device_by_node(iommu);
  if (!hardware) return -ENODEV;
  keeps_reference();
  dev.iommu!.priv = hardware.drvdata;
  return 0;
}

/** Section 10, probe_device. */
function ipmmu_probe_device(dev: Device): iommu_device {
  const mmu = changetype<ipmmu_vmsa_device | null>(dev.iommu!.priv);
  return mmu ? mmu : ERR_PTR<iommu_device>(-ENODEV);
}

/** Section 5 step 2: one specifier. */
function ipmmu_xlate(iommu: iommu_device, id: i32, data: driver_data): i32 {
  return changetype<ipmmu_master>(data).add_specifier(iommu, id) ? 0 : -EINVAL;
}

/** Section 5 step 2, probe_device: the data are made here and stored last. */
function ipmmu_probe_device_pinf(dev: Device, pinf: iommu_probe_info): iommu_device {
  if (faults() && fault('no memory for the IDs of a device') && dev.excuse()) return ERR_PTR<iommu_device>(-ENOMEM);
  count_device_data();
  const master = new ipmmu_master();
  const ret = fill_from_firmware(pinf, ipmmu_ops, ipmmu_xlate, master);
  if (ret != 0) return ERR_PTR<iommu_device>(ret);
  const mmu = master.iommu;
  dev.iommu!.priv = master;
  return changetype<iommu_device>(mmu);
}

/** Section 10, attach_dev and release_device: each ID's entry is written. */
function ipmmu_write_entries(dev: Device): i32 {
  const priv = dev.iommu!.priv;
  if (!priv) return -ENODEV;
  if (priv instanceof ipmmu_master) {
    const master = changetype<ipmmu_master>(priv);
    const n = master.num_ids;
    for (let k = 0; k < n; k++) master.get_id(k);
    return 0;
  }
  const fwspec = probed_fwspec_get(dev)!;
  const n = fwspec.num_ids;
  for (let k = 0; k < n; k++) fwspec.get_id(k);
  return 0;
}

/** Section 10, release_device: an instance's data stay. */
function ipmmu_release_device(dev: Device): void {
  ipmmu_write_entries(dev);
  const priv = dev.iommu!.priv!;
  if (priv instanceof ipmmu_master) free_device_data(priv);
}

/** Section 10: the instance that priv stands for. */
function to_ipmmu(dev: Device): iommu_device {
  const priv = dev.iommu!.priv!;
  return priv instanceof ipmmu_master ? changetype<ipmmu_master>(priv).iommu! : changetype<ipmmu_vmsa_device>(priv);
}

@final
class ipmmu_ops_class extends ids_ops {
  override of_xlate(dev: Device, iommu: device_node, id: i32): i32 {
    return ipmmu_of_xlate(dev, iommu, id);
  }
  override probe_device(dev: Device, pinf: iommu_probe_info | null): iommu_device {
    return pinf ? ipmmu_probe_device_pinf(dev, pinf) : ipmmu_probe_device(dev);
  }
  override release_device(dev: Device): void {
    ipmmu_release_device(dev);
  }
  override device_group(dev: Device): iommu_group {
    return generic_single_device_group(dev, to_ipmmu(dev));
  }
  override reads_ids_in_probe(): bool {
    return chosen.drivers_read_firmware();
  }
  override groups_by(): Grouping {
    return Grouping.instance;
  }
  override attach_dev(domain: iommu_domain, dev: Device): i32 {
    return ipmmu_write_entries(dev);
  }
}

export const ipmmu_ops = new ipmmu_ops_class();

/** Section 10, own probe order: register, then store drvdata. */
function ipmmu_probe(dev: Device): i32 {
  if (faults() && fault('no memory for an instance') && dev.excuse()) return -ENOMEM;
  return register_and_store(dev, new ipmmu_vmsa_device(), ipmmu_ops);
}

/** The platform driver of the instances. */
@final
export class ipmmu_driver extends iommu_driver {
  override probe(dev: Device): i32 {
    return ipmmu_probe(dev);
  }
}
