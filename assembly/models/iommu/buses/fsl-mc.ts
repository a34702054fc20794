// The bus of Freescale's management complex (designs.md section 9): firmware describes its root only, a container of all its devices.
import { fixed } from 'heddle';
import { finish_dma_configure, firmware_dma_configure } from '../dma-configure';
import { iommu_group_alloc, iommu_group_get } from '../group';
import { bus_type, Device, device_node, iommu_group } from '../objects';

/** Section 9: the one shape, with the root's node. */
function fsl_mc_dma_configure(dev: Device): i32 {
  const drv = dev.driver;
  const ret = firmware_dma_configure(dev, dev.bus.firmware_node(dev));
  return finish_dma_configure(dev, drv, ret);
}

/** 2.5: the group of the container that the device sits in, if that has one by now. */
function fsl_mc_device_group(dev: Device, container: Device | null): iommu_group {
  const group = container && container != dev ? iommu_group_get(container) : null;
  return group ? group : iommu_group_alloc(dev);
}

@final
export class fsl_mc_bus extends bus_type {
  private _container: Device | null = null;

  constructor(private _root: device_node) {
    super();
  }

  /** For the set-up of a scene. */
  contained_in(container: Device): void {
    this._container = container;
  }
  get container(): Device | null {
    return fixed<Device | null>(changetype<usize>(this), offsetof<fsl_mc_bus>('_container'));
  }
  dma_configure(dev: Device): i32 {
    return fsl_mc_dma_configure(dev);
  }
  override firmware_node(dev: Device): device_node {
    return fixed<device_node>(changetype<usize>(this), offsetof<fsl_mc_bus>('_root'));
  }
  override device_group(dev: Device): iommu_group {
    return fsl_mc_device_group(dev, this.container);
  }
}
