// The driver profile `legacy-no-fwspec` of designs.md section 10: firmware does not name its instances; its own tables list the devices.
import { fault, free } from 'heddle';
import { chosen } from '../designs/chosen';
import { ENODEV, ENOMEM, ERR_PTR } from '../errno';
import { generic_device_group } from '../group';
import { Grouping, iommu_ops } from '../iommu-ops';
import { Device, DmaMode, DomainType, iommu_device, iommu_domain, iommu_group } from '../objects';
import { faults } from '../options';
import { iommu_probe_info } from '../probe-info';
import { dma_mode_is_stored } from '../promises/translation';
import { iommu_driver, store_and_register } from './instance';

/** The instance that the tables name for every device; null while it is not registered. */
let legacy_iommu: legacy_device | null = null;

/** An instance; drvdata of its hardware device. */
@final
class legacy_device extends iommu_device {
  override free_record(): void {
    legacy_iommu = null;
    free(this);
  }
}

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
  const iommu = new legacy_device();
  legacy_iommu = iommu;
  return store_and_register(dev, iommu, legacy_ops, null);
}

/** The driver of the instance's hardware device. */
@final
export class legacy_driver extends iommu_driver {
  override probe(dev: Device): i32 {
    return legacy_probe(dev);
  }
}
