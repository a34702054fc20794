// The driver of a client device: its probe maps DMA in the mode that is set at that moment (designs.md section 9).
import { Device, device_driver, DmaMode } from './objects';
import { kdump } from './options';

/** Section 9, mode iommu: the group and its default domain are read without a lock. */
function iommu_dma_map(dev: Device): void {
  const domain = dev.iommu_group!.default_domain!;
  if (kdump() && dev.iommu!.attach_deferred && domain.ops.attach_dev(domain, dev) == 0)
    dev.iommu!.attach_deferred = false;
  domain.mappings.inc();
}

@final
export class client_driver extends device_driver {
  probe(dev: Device): i32 {
    return client_probe(dev);
  }
}

function client_probe(dev: Device): i32 {
  const mode = dev.dma_ops;
  dev.mapped.set(mode);
  if (mode == DmaMode.iommu) iommu_dma_map(dev);
  return 0;
}
