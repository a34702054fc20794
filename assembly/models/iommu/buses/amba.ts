// The AMBA bus (designs.md section 9): the platform bus once more.
import { dma_cleanup, finish_dma_configure, firmware_dma_configure } from '../dma-configure';
import { bus_type, Device } from '../objects';

function amba_dma_configure(dev: Device): i32 {
  const drv = dev.driver;
  const ret = firmware_dma_configure(dev, dev.of_node);
  return finish_dma_configure(dev, drv, ret);
}

function amba_dma_cleanup(dev: Device): void {
  dma_cleanup(dev);
}

@final
export class amba_bus extends bus_type {
  dma_configure(dev: Device): i32 {
    return amba_dma_configure(dev);
  }
  dma_cleanup(dev: Device): void {
    amba_dma_cleanup(dev);
  }
}
