// The driver profile `virtio` of designs.md section 10: the instance is registered before its device says so.
import { fault, free } from 'heddle';
import { EINVAL, ENODEV, ENOMEM, ERR_PTR } from '../errno';
import { dev_iommu_fwspec_for, iommu_fwspec_add_id, iommu_fwspec_append_id } from '../fwspec';
import { iommu_ops } from '../iommu-ops';
import { iommu_device_register, iommu_device_unregister } from '../iommu-register';
import { Device, device_driver, device_node, driver_data } from '../objects';
import { iommu_device, iommu_domain, iommu_fwspec, iommu_group } from '../objects';
import { faults, legacy_xlate } from '../options';
import { iommu_of_xlate, iommu_probe_info } from '../probe-info';
import { find_device_by_fwnode } from './search';

const MAX_IDS: i32 = 4;

/** An instance; private data of its virtio device. */
@final
class viommu_dev extends iommu_device {}

/** Per-device data; dev->iommu->priv. */
@final
class viommu_endpoint extends driver_data {
  viommu: viommu_dev | null = null;
  vdomain: iommu_domain | null = null;
  num_ids: i32 = 0;
  id0: i32 = 0;
  id1: i32 = 0;
  id2: i32 = 0;
  id3: i32 = 0;

  get_id(k: i32): i32 {
    return load<i32>(changetype<usize>(this) + ((<usize>k) << 2), offsetof<viommu_endpoint>('id0'));
  }
  add_id(id: i32): bool {
    const k = this.num_ids;
    if (k == MAX_IDS) return false;
    store<i32>(changetype<usize>(this) + ((<usize>k) << 2), id, offsetof<viommu_endpoint>('id0'));
    this.num_ids = k + 1;
    return true;
  }
}

/** Section 10: the search among the devices that are bound to the driver. */
function viommu_get_by_fwnode(driver: device_driver, fwnode: device_node): viommu_dev | null {
  return changetype<viommu_dev | null>(find_device_by_fwnode(driver.klist_devices, fwnode));
}

function new_endpoint(dev: Device): viommu_endpoint | null {
  if (faults() && fault('no memory for an endpoint') && dev.excuse()) return null;
  return new viommu_endpoint();
}

/** Section 10, probe_device: needs a fwspec with its own ops. Neither found nor with private data yet: not this driver's. */
function viommu_probe_fwspec(dev: Device, ops: viommu_ops_class): iommu_device {
  const fwspec = dev_iommu_fwspec_for(dev, ops);
  if (!fwspec) return ERR_PTR<iommu_device>(-ENODEV);
  const viommu = viommu_get_by_fwnode(ops.driver!, fwspec.iommu_fwnode!);
  if (!viommu) return ERR_PTR<iommu_device>(-ENODEV);
  const vdev = new_endpoint(dev);
  if (!vdev) return ERR_PTR<iommu_device>(-ENOMEM);
  const num_ids = fwspec.num_ids;
  for (let k = 0; k < num_ids; k++) vdev.add_id(fwspec.get_id(k));
  vdev.viommu = viommu;
  dev.iommu!.priv = vdev;
  return viommu;
}

/** Section 5 step 2: one specifier. */
function viommu_xlate(iommu: iommu_device, id: i32, data: driver_data): i32 {
  const vdev = changetype<viommu_endpoint>(data);
  if (!vdev.viommu) vdev.viommu = changetype<viommu_dev>(iommu);
  return vdev.add_id(id) ? 0 : -EINVAL;
}

/** Section 5 step 2. */
function viommu_probe_helper(dev: Device, pinf: iommu_probe_info, ops: iommu_ops): iommu_device {
  const vdev = new_endpoint(dev);
  if (!vdev) return ERR_PTR<iommu_device>(-ENOMEM);
  const ret = iommu_of_xlate(pinf, ops, viommu_xlate, vdev);
  if (ret != 0) {
    free(vdev);
    return ERR_PTR<iommu_device>(ret);
  }
  dev.iommu!.priv = vdev;
  return vdev.viommu!;
}

@final
class viommu_ops_class extends iommu_ops {
  driver: device_driver | null = null;

  override has_of_xlate(): bool {
    return true;
  }
  override of_xlate(dev: Device, iommu: device_node, id: i32): i32 {
    return iommu_fwspec_add_id(dev, id);
  }
  override has_of_xlate_fwspec(): bool {
    return !legacy_xlate();
  }
  override of_xlate_fwspec(fwspec: iommu_fwspec, dev: Device, iommu: device_node, id: i32): i32 {
    return iommu_fwspec_append_id(fwspec, dev, id);
  }
  probe_device(dev: Device, pinf: iommu_probe_info | null): iommu_device {
    return pinf ? viommu_probe_helper(dev, pinf, this) : viommu_probe_fwspec(dev, this);
  }
  /** Section 10: frees priv. */
  release_device(dev: Device): void {
    free(dev.iommu!.priv!);
  }
  device_group(dev: Device): iommu_group {
    return dev.bus.device_group(dev);
  }
  /** Section 10: uses priv. */
  attach_dev(domain: iommu_domain, dev: Device): i32 {
    changetype<viommu_endpoint>(dev.iommu!.priv).vdomain = domain;
    return 0;
  }
  override keeps_ids(): bool {
    return true;
  }
  override nr_probed_ids(dev: Device): i32 {
    const vdev = changetype<viommu_endpoint | null>(dev.iommu!.priv);
    return vdev ? vdev.num_ids : 0;
  }
  override probed_id(dev: Device, k: i32): i32 {
    return changetype<viommu_endpoint>(dev.iommu!.priv).get_id(k);
  }
}

export const viommu_ops = new viommu_ops_class();

/** Section 10, own probe order: register, then store the private pointer. */
function viommu_probe(dev: Device): i32 {
  if (faults() && fault('no memory for an instance') && dev.excuse()) return -ENOMEM;
  const viommu = new viommu_dev();
  const ret = iommu_device_register(viommu, viommu_ops, dev.of_node);
  if (ret == 0) dev.drvdata = viommu;
  else free(viommu);
  return ret;
}

function viommu_remove(dev: Device): void {
  const viommu = changetype<viommu_dev>(dev.drvdata);
  iommu_device_unregister(viommu);
  dev.drvdata = null;
  free(viommu);
}

/** The virtio driver of the instances; there is one. */
@final
export class virtio_iommu_drv extends device_driver {
  constructor() {
    super(false);
    viommu_ops.driver = this;
  }
  probe(dev: Device): i32 {
    return viommu_probe(dev);
  }
  remove(dev: Device): void {
    viommu_remove(dev);
  }
}
