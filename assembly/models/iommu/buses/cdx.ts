// The CDX bus (designs.md section 9, from v6.4 on).
import { finish_dma_configure, firmware_dma_configure } from '../dma-configure';
import { EPROBE_DEFER } from '../errno';
import { bus_type, Device } from '../objects';

/** Section 9: an error of the firmware part is returned unless it is a deferral; in every other case the answer is 0. */
function cdx_dma_configure(dev: Device): i32 {
  const drv = dev.driver;
  const ret = firmware_dma_configure(dev, dev.of_node);
  if (ret != 0 && ret != -EPROBE_DEFER) return ret;
  finish_dma_configure(dev, drv, ret);
  return 0;
}

@final
export class cdx_bus extends bus_type {
  dma_configure(dev: Device): i32 {
    return cdx_dma_configure(dev);
  }
}
