// The driver profile `smmu` of designs.md section 10: registers last, finds its instance by the fwspec's node.
import { free } from 'heddle';
import { get_device, put_device } from '../driver-core';
import { ENODEV, ERR_PTR } from '../errno';
import { dev_iommu_fwspec_get, iommu_fwspec_add_id } from '../fwspec';
import { iommu_ops } from '../iommu-ops';
import { iommu_device_register } from '../iommu-register';
import { iommu_probe_info } from '../probe-info';
import { Device, device_driver, device_node, driver_data, iommu_device, iommu_domain, iommu_group } from '../objects';

/** An instance; drvdata of its hardware device. */
@final
export class arm_smmu_device extends iommu_device {
  ready: bool = false;
}

/** Per-device data; dev->iommu->priv. */
@final
export class arm_smmu_master extends driver_data {
  domain: iommu_domain | null = null;

  constructor(
    public smmu: arm_smmu_device,
    public num_ids: i32,
  ) {
    super();
  }
}

/** Section 10: the instance is looked for among all devices of the bus. */
function arm_smmu_get_by_fwnode(dev: Device, fwnode: device_node): arm_smmu_device | null {
  const devices = dev.bus.klist_devices;
  for (let node = devices.first(); node; node = devices.next(node)) {
    const hardware = node.dev;
    if (hardware.of_node != fwnode) continue;
    get_device(hardware);
    const smmu = changetype<arm_smmu_device | null>(hardware.drvdata);
    put_device(hardware);
    return smmu;
  }
  return null;
}

/** Section 10, probe_device: needs a fwspec with its own ops. */
function arm_smmu_probe_device(dev: Device): iommu_device {
  const fwspec = dev_iommu_fwspec_get(dev);
  if (!fwspec || fwspec.ops != arm_smmu_ops) return ERR_PTR<iommu_device>(-ENODEV);
  const smmu = arm_smmu_get_by_fwnode(dev, fwspec.iommu_fwnode!);
  if (!smmu) return ERR_PTR<iommu_device>(-ENODEV);
  const num_ids = fwspec.num_ids;
  for (let k = 0; k < num_ids; k++) fwspec.get_id(k); // each is compared with what the hardware can do
  const master = new arm_smmu_master(smmu, num_ids);
  dev.iommu!.priv = master;
  return smmu;
}

/** Section 10, release_device. */
function arm_smmu_release_device(dev: Device): void {
  free(dev.iommu!.priv!);
}

/** Section 10, attach_dev: uses the fwspec's IDs and priv. */
function arm_smmu_attach_dev(domain: iommu_domain, dev: Device): i32 {
  const fwspec = dev_iommu_fwspec_get(dev);
  if (!fwspec) return -ENODEV;
  const master = changetype<arm_smmu_master | null>(dev.iommu!.priv);
  if (!master) return -ENODEV;
  const num_ids = fwspec.num_ids;
  for (let k = 0; k < num_ids; k++) fwspec.get_id(k); // its entry of the stream table gets the domain
  master.domain = domain;
  return 0;
}

@final
export class arm_smmu_ops_class extends iommu_ops {
  has_of_xlate(): bool {
    return true;
  }
  of_xlate(dev: Device, iommu: device_node, id: i32): i32 {
    return iommu_fwspec_add_id(dev, id);
  }
  probe_device(dev: Device, pinf: iommu_probe_info | null): iommu_device {
    return arm_smmu_probe_device(dev);
  }
  release_device(dev: Device): void {
    arm_smmu_release_device(dev);
  }
  device_group(dev: Device): iommu_group {
    return dev.bus.device_group(dev);
  }
  attach_dev(domain: iommu_domain, dev: Device): i32 {
    return arm_smmu_attach_dev(domain, dev);
  }
}

export const arm_smmu_ops = new arm_smmu_ops_class();

/** Section 10, own probe order: allocate, store drvdata, reset, register. */
function arm_smmu_device_probe(dev: Device): i32 {
  const smmu = new arm_smmu_device();
  dev.drvdata = smmu;
  smmu.ready = true;
  const ret = iommu_device_register(smmu, arm_smmu_ops, dev.of_node);
  if (ret != 0) {
    dev.drvdata = null;
    free(smmu);
  }
  return ret;
}

/** The platform driver of the instances. */
@final
export class arm_smmu_driver extends device_driver {
  probe(dev: Device): i32 {
    return arm_smmu_device_probe(dev);
  }
}
