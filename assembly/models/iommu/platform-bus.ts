// The platform bus and the firmware glue between driver core and IOMMU core (designs.md section 9).
import { free } from 'heddle';
import { chosen } from './designs/chosen';
import { EPROBE_DEFER } from './errno';
import {
  iommu_device_unuse_default_domain,
  iommu_device_use_default_domain,
  iommu_group_get,
  iommu_group_put,
} from './group';
import { bus_type, Device, device_node, dma_range_map, DmaMode, DomainType } from './objects';

/** Section 9, of_dma_configure step 4: the mode follows the type of the group's domain of this moment. */
function arch_setup_dma_ops(dev: Device): void {
  const group = iommu_group_get(dev);
  if (!group) return;
  const domain = group.domain;
  if (domain && domain.type == DomainType.dma) dev.dma_ops = DmaMode.iommu;
  iommu_group_put(group);
}

/** Section 9, where a failure of the bind resets the mode. */
function arch_teardown_dma_ops(dev: Device): void {
  dev.dma_ops = DmaMode.direct;
}

/** Section 9, of_dma_configure. Errors other than deferral are dropped: the driver then binds without translation. */
function of_dma_configure(dev: Device, np: device_node): i32 {
  let map: dma_range_map | null = null;
  if (np.has_dma_ranges) {
    map = new dma_range_map();
    dev.dma_range_map = map;
  }
  const ret = chosen.of_iommu_configure(dev, np);
  if (ret == -EPROBE_DEFER) {
    if (map) {
      dev.dma_range_map = null;
      free(map);
    }
    return ret;
  }
  if (ret == 0) arch_setup_dma_ops(dev);
  return 0;
}

@final
export class platform_bus extends bus_type {
  /** Section 9, platform_dma_configure. */
  dma_configure(dev: Device): i32 {
    return platform_dma_configure(dev);
  }

  /** Section 9, dma_cleanup. */
  dma_cleanup(dev: Device): void {
    platform_dma_cleanup(dev);
  }
}

function platform_dma_configure(dev: Device): i32 {
  const drv = dev.driver!;
  let ret = of_dma_configure(dev, dev.of_node);
  if (ret == 0 && !drv.driver_managed_dma) {
    ret = iommu_device_use_default_domain(dev);
    if (ret != 0) arch_teardown_dma_ops(dev);
  }
  return ret;
}

function platform_dma_cleanup(dev: Device): void {
  if (!dev.driver!.driver_managed_dma) iommu_device_unuse_default_domain(dev);
}
