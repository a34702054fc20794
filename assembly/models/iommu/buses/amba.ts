// The AMBA bus (designs.md section 9): the platform bus once more.
import { finish_dma_configure, firmware_dma_configure } from '../dma-configure';
import { bus_type, Device } from '../objects';

/** Section 9: the one shape, with the device's own node. */
function amba_dma_configure(dev: Device): i32 {
  const drv = dev.driver;
  const ret = firmware_dma_configure(dev, dev.of_node);
  return finish_dma_configure(dev, drv, ret);
}

@final
export class amba_bus extends bus_type {
  dma_configure(dev: Device): i32 {
    return amba_dma_configure(dev);
  }
}
