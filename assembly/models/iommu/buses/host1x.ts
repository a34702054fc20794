// The two buses of host1x (designs.md sections 1 and 9): its own, which the IOMMU core does not watch, and that of its contexts, which it
// watches although a bind there does not configure DMA.
import { firmware_dma_configure } from '../dma-configure';
import { bus_type, Device } from '../objects';

/** Section 9: the firmware part only. */
function host1x_dma_configure(dev: Device): i32 {
  return firmware_dma_configure(dev, dev.of_node);
}

@final
export class host1x_bus extends bus_type {
  dma_configure(dev: Device): i32 {
    return host1x_dma_configure(dev);
  }
  /** Section 9: nobody is counted as a user, so nobody is discounted. */
  override dma_cleanup(dev: Device): void {}
}

@final
export class host1x_context_bus extends bus_type {
  override has_dma_configure(): bool {
    return false;
  }
  dma_configure(dev: Device): i32 {
    return 0;
  }
}
