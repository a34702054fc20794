// The driver profile `smmu-by-driver` of designs.md section 10, the SMMU drivers of 2023: as `smmu`, but the instance is looked for among
// the devices that are bound to the driver, and that one is found is taken for granted.
import { Device, device_driver, device_node } from '../objects';
import { find_instance_by_fwnode } from './find-device';
import { iommu_driver } from './instance';
import { arm_smmu_device, arm_smmu_device_probe, arm_smmu_ops_class } from './smmu';

@final
class arm_smmu_by_driver_ops_class extends arm_smmu_ops_class {
  driver: device_driver | null = null;

  /** Section 10: the hardware device gets onto this list by driver_bound only, after its instance has been registered. */
  override find_instance(dev: Device, fwnode: device_node): arm_smmu_device | null {
    return changetype<arm_smmu_device | null>(find_instance_by_fwnode(this.driver!.klist_devices, fwnode));
  }
  override looks_at_the_result(): bool {
    return false;
  }
}

export const arm_smmu_by_driver_ops = new arm_smmu_by_driver_ops_class();

/** The platform driver of the instances; there is one. */
@final
export class arm_smmu_by_driver extends iommu_driver {
  constructor() {
    super();
    arm_smmu_by_driver_ops.driver = this;
  }
  probe(dev: Device): i32 {
    return arm_smmu_device_probe(dev, arm_smmu_by_driver_ops);
  }
}
