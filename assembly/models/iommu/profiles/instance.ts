// The life of an instance as its driver sees it. Profiles differ in what the driver has stored when the instance registers (designs.md
// section 10, own probe order).
import { iommu_ops } from '../iommu-ops';
import { iommu_device_register, iommu_device_unregister } from '../iommu-register';
import { Device, device_driver, device_node, iommu_device } from '../objects';

/** Section 10, smmu, dart, rockchip, legacy: walks of the registration find the instance as drvdata. An error leaves nothing. */
export function store_and_register(dev: Device, iommu: iommu_device, ops: iommu_ops, fwnode: device_node | null): i32 {
  dev.drvdata = iommu;
  const ret = iommu_device_register(iommu, ops, fwnode);
  if (ret != 0) forget_instance(dev, iommu);
  return ret;
}

/** Section 10, virtio, ipmmu: they do not find it yet. An error leaves nothing. */
export function register_and_store(dev: Device, iommu: iommu_device, ops: iommu_ops): i32 {
  const ret = iommu_device_register(iommu, ops, dev.of_node);
  if (ret == 0) dev.drvdata = iommu;
  else iommu.free_record();
  return ret;
}

/** Section 10: what the driver has stored for its instance is taken back, then freed. */
function forget_instance(dev: Device, iommu: iommu_device): void {
  dev.drvdata = null;
  iommu.free_record();
}

/** The driver of the hardware devices of instances. */
export abstract class iommu_driver extends device_driver {
  constructor() {
    super(false);
  }
  /** E4: for an instance without bound clients. */
  override remove(dev: Device): void {
    const iommu = changetype<iommu_device>(dev.drvdata);
    iommu_device_unregister(iommu);
    forget_instance(dev, iommu);
  }
}
