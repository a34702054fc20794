// The driver profile `rockchip` of designs.md section 10: per-device data are resources of one platform-wide "DMA device", which is known
// only after the first instance has registered.
import { count, fault, free, List } from 'heddle';
import { put_device } from '../device';
import { ENODEV, ENOMEM, ERR_PTR } from '../errno';
import { generic_single_device_group } from '../group';
import { Grouping, iommu_ops } from '../iommu-ops';
import { iommu_device_register, iommu_device_unregister } from '../iommu-register';
import { Device, device_driver, device_node, driver_data, iommu_device, iommu_domain, iommu_group } from '../objects';
import { faults } from '../options';
import { iommu_of_xlate, iommu_probe_info } from '../probe-info';
import { of_find_device_by_node } from './find-device';

/** An instance; drvdata of its hardware device. As a DMA device's it holds the resources that live until that device unbinds. */
@final
export class rk_iommu extends iommu_device {
  ready: bool = false;
  resources: List<rk_iommudata> = new List<rk_iommudata>();
}

/** Per-device data; dev->iommu->priv. */
@final
export class rk_iommudata extends driver_data {
  iommu: rk_iommu | null = null;
  domain: iommu_domain | null = null;
}

/** The device through which memory is allocated and mapped for all instances. */
let dma_dev: Device | null = null;

function alloc_iommudata(dev: Device): rk_iommudata | null {
  if (faults() && fault('no memory for the data of a device') && dev.excuse()) return null;
  count('driver data allocations');
  return new rk_iommudata();
}

function free_iommudata(data: rk_iommudata): void {
  count('driver data frees');
  free(data);
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

/** Section 5 step 2: the data are made here and stored last. */
function rk_iommu_probe_device_pinf(dev: Device, pinf: iommu_probe_info): iommu_device {
  const data = alloc_iommudata(dev);
  if (!data) return ERR_PTR<iommu_device>(-ENOMEM);
  const ret = iommu_of_xlate(
    pinf,
    rk_iommu_ops,
    (iommu, id, argument) => {
      changetype<rk_iommudata>(argument).iommu = changetype<rk_iommu>(iommu);
      return 0;
    },
    data,
  );
  if (ret != 0) {
    free_iommudata(data);
    return ERR_PTR<iommu_device>(ret);
  }
  const iommu = data.iommu;
  dev.iommu!.priv = data;
  return changetype<iommu_device>(iommu);
}

/** Section 10, release_device: takes the device's entries away; what is no resource of the DMA device (section 5) is freed. */
function rk_iommu_release_device(dev: Device): void {
  const data = changetype<rk_iommudata>(dev.iommu!.priv);
  data.domain = null;
  if (!data.isListed()) free_iommudata(data);
}

/** Section 10, attach_dev: uses priv. */
function rk_iommu_attach_dev(domain: iommu_domain, dev: Device): i32 {
  const data = changetype<rk_iommudata | null>(dev.iommu!.priv);
  if (!data) return -ENODEV;
  data.domain = domain;
  return 0;
}

@final
class rk_iommu_ops_class extends iommu_ops {
  override has_of_xlate(): bool {
    return true;
  }
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
  const iommu = new rk_iommu();
  dev.drvdata = iommu;
  const ret = iommu_device_register(iommu, rk_iommu_ops, dev.of_node);
  if (ret != 0) {
    release_instance(dev, iommu);
    return ret;
  }
  if (!dma_dev) dma_dev = dev;
  iommu.ready = true;
  return 0;
}

/** Unbinding: what was allocated for the device goes with it. */
function release_instance(dev: Device, iommu: rk_iommu): void {
  dev.drvdata = null;
  for (let data = iommu.resources.takeFirst(); data; data = iommu.resources.takeFirst()) free_iommudata(data);
  free(iommu.resources);
  free(iommu);
}

function rk_iommu_remove(dev: Device): void {
  const iommu = changetype<rk_iommu>(dev.drvdata);
  iommu_device_unregister(iommu);
  release_instance(dev, iommu);
}

/** The platform driver of the instances. */
@final
export class rk_iommu_driver extends device_driver {
  override probe(dev: Device): i32 {
    return rk_iommu_probe(dev);
  }
  remove(dev: Device): void {
    rk_iommu_remove(dev);
  }
}
