// The driver of a client device: its probe maps DMA in the mode that is set at that moment, its remove unmaps (designs.md section 9).
import { call_attach_dev } from './group';
import { Device, device_driver, DmaMode, iommu_domain } from './objects';
import { kdump } from './options';
import { Past } from './promises/history';
import { driver_maps, driver_unmaps } from './promises/translation';

/** Section 9, mode iommu: the group and its default domain are read without a lock. */
function iommu_get_dma_domain(dev: Device): iommu_domain {
  return dev.iommu_group!.default_domain!;
}

/** Section 9, mode iommu: what was put off in a kdump kernel. */
function attach_at_last(domain: iommu_domain, dev: Device): void {
  dev.history.set(Past.own_request, 1);
  const ret = call_attach_dev(domain, dev);
  dev.history.set(Past.own_request, 0);
  if (ret == 0) dev.iommu!.attach_deferred = false;
}

/** Section 9, mode iommu, steps 1 to 3 of a map. */
function iommu_dma_map(dev: Device): void {
  const domain = iommu_get_dma_domain(dev);
  if (kdump() && dev.iommu!.attach_deferred) attach_at_last(domain, dev);
  domain.mappings.inc();
}

/** Section 9, mode iommu, steps 1 and 3: an unmap attaches nothing. */
function iommu_dma_unmap(dev: Device): void {
  iommu_get_dma_domain(dev).mappings.dec();
}

/** Section 9: by the mode of this moment. */
export function dma_map(dev: Device): void {
  const mode = dev.dma_ops;
  driver_maps(dev, mode);
  if (mode == DmaMode.iommu) iommu_dma_map(dev);
}

/** Section 9: by the mode of this moment, which should be that of dma_map. */
export function dma_unmap(dev: Device): void {
  const mode = dev.dma_ops;
  driver_unmaps(dev);
  if (mode == DmaMode.iommu) iommu_dma_unmap(dev);
}

@final
export class client_driver extends device_driver {
  probe(dev: Device): i32 {
    dma_map(dev);
    return 0;
  }
  override remove(dev: Device): void {
    dma_unmap(dev);
  }
}

/** The driver of a PCI bridge: manages DMA itself, that is, has none. */
@final
export class port_driver extends device_driver {
  probe(dev: Device): i32 {
    return 0;
  }
}
