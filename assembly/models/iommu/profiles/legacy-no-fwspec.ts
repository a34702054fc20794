// The driver profile `legacy-no-fwspec` of designs.md section 10: firmware does not name its instances; its own tables list the devices.
import { fault, free } from 'heddle';
import { chosen } from '../designs/chosen';
import { ENODEV, ENOMEM, ERR_PTR } from '../errno';
import { generic_device_group } from '../group';
import { Grouping, iommu_ops } from '../iommu-ops';
import { iommu_device_register, iommu_device_unregister } from '../iommu-register';
import { Device, device_driver, DmaMode, DomainType, iommu_device, iommu_domain, iommu_group } from '../objects';
import { faults } from '../options';
import { iommu_probe_info } from '../probe-info';
import { dma_mode_is_stored } from '../promises/translation';

/** The instance that the tables name for every device; null while it is not registered. */
let legacy_iommu: iommu_device | null = null;

/** Section 10, probe_device. */
function legacy_probe_device(dev: Device): iommu_device {
  const iommu = legacy_iommu;
  return iommu && dev.of_node.in_tables ? iommu : ERR_PTR<iommu_device>(-ENODEV);
}

/** Section 10, D0 to D3: the driver itself sets the DMA mode. */
function legacy_probe_finalize(dev: Device): void {
  if (chosen.core_sets_dma_mode()) return;
  const group = dev.iommu_group;
  const domain = group ? group.domain : null;
  if (!domain || domain.type != DomainType.dma) return;
  dev.dma_ops = DmaMode.iommu;
  dma_mode_is_stored(dev);
}

@final
class legacy_ops_class extends iommu_ops {
  override probe_device(dev: Device, pinf: iommu_probe_info | null): iommu_device {
    return legacy_probe_device(dev);
  }
  override release_device(dev: Device): void {
    if (chosen.core_sets_dma_mode()) return;
    dev.dma_ops = DmaMode.direct;
    dma_mode_is_stored(dev);
  }
  override probe_finalize(dev: Device): void {
    legacy_probe_finalize(dev);
  }
  override device_group(dev: Device): iommu_group {
    return generic_device_group(dev);
  }
  override groups_by(): Grouping {
    return Grouping.device;
  }
  override recognises(dev: Device): bool {
    return dev.of_node.in_tables;
  }
  override attach_dev(domain: iommu_domain, dev: Device): i32 {
    return 0;
  }
}

export const legacy_ops = new legacy_ops_class();

/** Section 10, own probe order: register, node-less. */
function legacy_probe(dev: Device): i32 {
  if (faults() && fault('no memory for an instance') && dev.excuse()) return -ENOMEM;
  const iommu = new iommu_device();
  dev.drvdata = iommu;
  legacy_iommu = iommu;
  const ret = iommu_device_register(iommu, legacy_ops, null);
  if (ret != 0) release_instance(dev, iommu);
  return ret;
}

function release_instance(dev: Device, iommu: iommu_device): void {
  legacy_iommu = null;
  dev.drvdata = null;
  free(iommu);
}

function legacy_remove(dev: Device): void {
  const iommu = changetype<iommu_device>(dev.drvdata);
  iommu_device_unregister(iommu);
  release_instance(dev, iommu);
}

/** The driver of the instance's hardware device. */
@final
export class legacy_driver extends device_driver {
  override probe(dev: Device): i32 {
    return legacy_probe(dev);
  }
  remove(dev: Device): void {
    legacy_remove(dev);
  }
}
