// The driver profile `ipmmu` of designs.md section 10: registers before its data can be found, and takes an instance's data for a device's.
import { count, fault, free } from 'heddle';
import { chosen } from '../designs/chosen';
import { ENODEV, ENOMEM, ERR_PTR } from '../errno';
import { dev_iommu_fwspec_get, iommu_fwspec_add_id } from '../fwspec';
import { generic_single_device_group } from '../group';
import { Grouping, iommu_ops } from '../iommu-ops';
import { iommu_device_register, iommu_device_unregister } from '../iommu-register';
import { Device, device_driver, device_node, driver_data, iommu_device, iommu_domain, iommu_group } from '../objects';
import { faults } from '../options';
import { iommu_of_xlate, iommu_probe_info } from '../probe-info';
import { of_find_device_by_node } from './find-device';

/** An instance; drvdata of its hardware device, and dev->iommu->priv of the devices that it translates for. */
@final
export class ipmmu_vmsa_device extends iommu_device {
  ready: bool = false;
}

/** Section 5: dev->iommu->priv where there is no fwspec that could keep the IDs. */
@final
export class ipmmu_master extends driver_data {
  iommu: ipmmu_vmsa_device | null = null;
  num_ids: i32 = 0;
  id0: i32 = 0;
  id1: i32 = 0;

  id(k: i32): i32 {
    return load<i32>(changetype<usize>(this) + ((<usize>k) << 2), offsetof<ipmmu_master>('id0'));
  }
  add_id(id: i32): void {
    const n = this.num_ids;
    store<i32>(changetype<usize>(this) + ((<usize>n) << 2), id, offsetof<ipmmu_master>('id0'));
    this.num_ids = n + 1;
  }
}

/** Section 10, of_xlate: one ID; the reference of the instance's device is not put. */
function ipmmu_of_xlate(dev: Device, iommu: device_node, id: i32): i32 {
  const ret = iommu_fwspec_add_id(dev, id);
  if (ret != 0 || dev.iommu!.priv) return ret;
  const hardware = of_find_device_by_node(iommu);
  if (!hardware) return -ENODEV;
  dev.iommu!.priv = hardware.drvdata;
  return 0;
}

/** Section 10, probe_device. */
function ipmmu_probe_device(dev: Device): iommu_device {
  const mmu = changetype<ipmmu_vmsa_device | null>(dev.iommu!.priv);
  return mmu ? mmu : ERR_PTR<iommu_device>(-ENODEV);
}

/** Section 5 step 2: the data are made here and stored last. */
function ipmmu_probe_device_pinf(dev: Device, pinf: iommu_probe_info): iommu_device {
  if (faults() && fault('no memory for the IDs of a device') && dev.excuse()) return ERR_PTR<iommu_device>(-ENOMEM);
  count('driver data allocations');
  const master = new ipmmu_master();
  const ret = iommu_of_xlate(
    pinf,
    ipmmu_ops,
    (iommu, id, data) => {
      const target = changetype<ipmmu_master>(data);
      if (!target.iommu) target.iommu = changetype<ipmmu_vmsa_device>(iommu);
      target.add_id(id);
      return 0;
    },
    master,
  );
  if (ret != 0) {
    count('driver data frees');
    free(master);
    return ERR_PTR<iommu_device>(ret);
  }
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
    for (let k = 0; k < n; k++) master.id(k);
    return 0;
  }
  const fwspec = dev_iommu_fwspec_get(dev)!;
  const n = fwspec.num_ids;
  for (let k = 0; k < n; k++) fwspec.get_id(k);
  return 0;
}

function ipmmu_release_device(dev: Device): void {
  ipmmu_write_entries(dev);
  const priv = dev.iommu!.priv!;
  if (!(priv instanceof ipmmu_master)) return;
  count('driver data frees');
  free(priv);
}

/** The instance that priv stands for. */
function to_ipmmu(dev: Device): iommu_device {
  const priv = dev.iommu!.priv!;
  return priv instanceof ipmmu_master ? changetype<ipmmu_master>(priv).iommu! : changetype<ipmmu_vmsa_device>(priv);
}

@final
class ipmmu_ops_class extends iommu_ops {
  override has_of_xlate(): bool {
    return true;
  }
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
  override keeps_ids(): bool {
    return true;
  }
  override reads_ids_in_probe(): bool {
    return chosen.drivers_read_firmware();
  }
  override nr_probed_ids(dev: Device): i32 {
    return changetype<ipmmu_master>(dev.iommu!.priv).num_ids;
  }
  override probed_id(dev: Device, k: i32): i32 {
    return changetype<ipmmu_master>(dev.iommu!.priv).id(k);
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
  const mmu = new ipmmu_vmsa_device();
  mmu.ready = true;
  const ret = iommu_device_register(mmu, ipmmu_ops, dev.of_node);
  if (ret != 0) {
    free(mmu);
    return ret;
  }
  dev.drvdata = mmu;
  return 0;
}

function ipmmu_remove(dev: Device): void {
  const mmu = changetype<ipmmu_vmsa_device>(dev.drvdata);
  iommu_device_unregister(mmu);
  dev.drvdata = null;
  free(mmu);
}

/** The platform driver of the instances. */
@final
export class ipmmu_driver extends device_driver {
  override probe(dev: Device): i32 {
    return ipmmu_probe(dev);
  }
  remove(dev: Device): void {
    ipmmu_remove(dev);
  }
}
