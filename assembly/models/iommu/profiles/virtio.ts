// The driver profile `virtio` of designs.md section 10: the instance is registered before its device says so.
import { fault } from 'heddle';
import { EINVAL, ENODEV, ENOMEM, ERR_PTR } from '../errno';
import { dev_iommu_fwspec_for } from '../fwspec';
import { iommu_ops, Grouping } from '../iommu-ops';
import { Device, device_driver, device_node, driver_data, iommu_device, iommu_domain, iommu_group } from '../objects';
import { faults } from '../options';
import { iommu_probe_info } from '../probe-info';
import { count_device_data, device_specifiers, fill_from_firmware, free_priv } from './device-data';
import { fwspec_ops } from './device-data';
import { find_instance_by_fwnode } from './find-device';
import { iommu_driver, register_and_store } from './instance';

/** An instance; private data of its virtio device. */
@final
class viommu_dev extends iommu_device {}

/** Per-device data; dev->iommu->priv. */
@final
class viommu_endpoint extends device_specifiers {}

/** Section 10: the search among the devices that are bound to the driver. */
function viommu_get_by_fwnode(driver: device_driver, fwnode: device_node): viommu_dev | null {
  return changetype<viommu_dev | null>(find_instance_by_fwnode(driver.klist_devices, fwnode));
}

/** Section 10, probe_device: the data, or null if there is no memory. */
function new_endpoint(dev: Device): viommu_endpoint | null {
  if (faults() && fault('no memory for an endpoint') && dev.excuse()) return null;
  count_device_data();
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
  vdev.iommu = viommu;
  dev.iommu!.priv = vdev;
  return viommu;
}

/** Section 5 step 2: one specifier. */
function viommu_xlate(iommu: iommu_device, id: i32, data: driver_data): i32 {
  return changetype<viommu_endpoint>(data).add_specifier(iommu, id) ? 0 : -EINVAL;
}

/** Section 5 step 2, probe_device. */
function viommu_probe_helper(dev: Device, pinf: iommu_probe_info, ops: iommu_ops): iommu_device {
  const vdev = new_endpoint(dev);
  if (!vdev) return ERR_PTR<iommu_device>(-ENOMEM);
  const ret = fill_from_firmware(pinf, ops, viommu_xlate, vdev);
  if (ret != 0) return ERR_PTR<iommu_device>(ret);
  dev.iommu!.priv = vdev;
  return vdev.iommu!;
}

@final
class viommu_ops_class extends fwspec_ops {
  driver: device_driver | null = null;

  probe_device(dev: Device, pinf: iommu_probe_info | null): iommu_device {
    return pinf ? viommu_probe_helper(dev, pinf, this) : viommu_probe_fwspec(dev, this);
  }
  /** Section 10: frees priv. */
  release_device(dev: Device): void {
    free_priv(dev);
  }
  device_group(dev: Device): iommu_group {
    return dev.bus.device_group(dev);
  }
  override groups_by(): Grouping {
    return Grouping.bus;
  }
  /** Section 10: uses priv. */
  attach_dev(domain: iommu_domain, dev: Device): i32 {
    changetype<viommu_endpoint>(dev.iommu!.priv).domain = domain;
    return 0;
  }
}

export const viommu_ops = new viommu_ops_class();

/** Section 10, own probe order: register, then store the private pointer. */
function viommu_probe(dev: Device): i32 {
  if (faults() && fault('no memory for an instance') && dev.excuse()) return -ENOMEM;
  return register_and_store(dev, new viommu_dev(), viommu_ops);
}

/** The virtio driver of the instances; there is one. */
@final
export class virtio_iommu_drv extends iommu_driver {
  constructor() {
    super();
    viommu_ops.driver = this;
  }
  probe(dev: Device): i32 {
    return viommu_probe(dev);
  }
}
