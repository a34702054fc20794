// The driver profile `rockchip` of designs.md section 10: per-device data are resources of one platform-wide "DMA device", which is known
// only after the first instance has registered.
import { fault, free, List } from 'heddle';
import { put_device } from '../device';
import { ENODEV, ENOMEM, ERR_PTR } from '../errno';
import { generic_single_device_group } from '../group';
import { Grouping } from '../iommu-ops';
import { Device, device_node, driver_data, iommu_device, iommu_domain, iommu_group } from '../objects';
import { faults } from '../options';
import { iommu_probe_info } from '../probe-info';
import { count_device_data, device_data, fill_from_firmware, free_device_data, xlate_ops } from './device-data';
import { of_find_device_by_node } from './find-device';
import { iommu_driver, store_and_register } from './instance';

/** An instance; drvdata of its hardware device. As a DMA device's it holds the resources that live until that device unbinds. */
@final
export class rk_iommu extends iommu_device {
  resources: List<rk_iommudata> = new List<rk_iommudata>();

  /** Unbinding: what was allocated for the device goes with it. */
  override free_record(): void {
    for (let data = this.resources.takeFirst(); data; data = this.resources.takeFirst()) free_device_data(data);
    free(this.resources);
    free(this);
  }
}

/** Per-device data; dev->iommu->priv. */
@final
export class rk_iommudata extends device_data {
  iommu: rk_iommu | null = null;
}

/** The device through which memory is allocated and mapped for all instances. */
let dma_dev: Device | null = null;

/** Section 10, of_xlate: the data, or null if there is no memory. */
function alloc_iommudata(dev: Device): rk_iommudata | null {
  if (faults() && fault('no memory for the data of a device') && dev.excuse()) return null;
  count_device_data();
  return new rk_iommudata();
}

/** Section 10, of_xlate: the data belong to the DMA device. No ID is added. */
function rk_iommu_of_xlate(dev: Device, iommu: device_node): i32 {
  const owner = changetype<rk_iommu>(dma_dev!.drvdata);
  const data = alloc_iommudata(dev);
  if (!data) return -ENOMEM;
  owner.resources.addTail(data);
  const hardware = of_find_device_by_node(iommu);
  if (!hardware) return -ENODEV;
  data.iommu = changetype<rk_iommu | null>(hardware.drvdata);
  dev.iommu!.priv = data;
  put_device(hardware);
  return 0;
}

/** Section 10, probe_device. */
function rk_iommu_probe_device(dev: Device): iommu_device {
  const data = changetype<rk_iommudata | null>(dev.iommu!.priv);
  return data ? changetype<iommu_device>(data.iommu) : ERR_PTR<iommu_device>(-ENODEV);
}

/** Section 5 step 2: one specifier; of several instances the last one claims the device. */
function rk_iommu_xlate(iommu: iommu_device, id: i32, data: driver_data): i32 {
  changetype<rk_iommudata>(data).iommu = changetype<rk_iommu>(iommu);
  return 0;
}

/** Section 5 step 2, probe_device: the data are made here and stored last. */
function rk_iommu_probe_device_pinf(dev: Device, pinf: iommu_probe_info): iommu_device {
  const data = alloc_iommudata(dev);
  if (!data) return ERR_PTR<iommu_device>(-ENOMEM);
  const ret = fill_from_firmware(pinf, rk_iommu_ops, rk_iommu_xlate, data);
  if (ret != 0) return ERR_PTR<iommu_device>(ret);
  const iommu = data.iommu;
  dev.iommu!.priv = data;
  return changetype<iommu_device>(iommu);
}

/** Section 10, release_device: takes the device's entries away; what is no resource of the DMA device (section 5) is freed. */
function rk_iommu_release_device(dev: Device): void {
  const data = changetype<rk_iommudata>(dev.iommu!.priv);
  data.domain = null;
  if (!data.isListed()) free_device_data(data);
}

/** Section 10, attach_dev: uses priv. */
function rk_iommu_attach_dev(domain: iommu_domain, dev: Device): i32 {
  const data = changetype<rk_iommudata | null>(dev.iommu!.priv);
  if (!data) return -ENODEV;
  data.domain = domain;
  return 0;
}

@final
class rk_iommu_ops_class extends xlate_ops {
  override of_xlate(dev: Device, iommu: device_node, id: i32): i32 {
    return rk_iommu_of_xlate(dev, iommu);
  }
  override probe_device(dev: Device, pinf: iommu_probe_info | null): iommu_device {
    return pinf ? rk_iommu_probe_device_pinf(dev, pinf) : rk_iommu_probe_device(dev);
  }
  override release_device(dev: Device): void {
    rk_iommu_release_device(dev);
  }
  override device_group(dev: Device): iommu_group {
    return generic_single_device_group(dev, changetype<rk_iommudata>(dev.iommu!.priv).iommu!);
  }
  override groups_by(): Grouping {
    return Grouping.instance;
  }
  override attach_dev(domain: iommu_domain, dev: Device): i32 {
    return rk_iommu_attach_dev(domain, dev);
  }
}

export const rk_iommu_ops = new rk_iommu_ops_class();

/** Section 10, own probe order: register, then the platform-wide pointer, then the other steps. */
function rk_iommu_probe(dev: Device): i32 {
  if (faults() && fault('no memory for an instance') && dev.excuse()) return -ENOMEM;
  const ret = store_and_register(dev, new rk_iommu(), rk_iommu_ops, dev.of_node);
  if (ret == 0 && !dma_dev) dma_dev = dev;
  return ret;
}

/** The platform driver of the instances. */
@final
export class rk_iommu_driver extends iommu_driver {
  override probe(dev: Device): i32 {
    return rk_iommu_probe(dev);
  }
}
