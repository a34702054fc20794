// The PCI bus (designs.md section 9): firmware describes the host bridge, and each DMA alias of a device is an ID of its own.
import { fixed } from 'heddle';
import { finish_dma_configure, firmware_dma_configure } from '../dma-configure';
import { bus_type, Device, device_node, iommu_group } from '../objects';
import { pci_device_group } from '../pci-groups';
import { pci_request_acs } from '../pci-scan';

/** Section 9: the one shape, with the host bridge's node. */
function pci_dma_configure(dev: Device): i32 {
  const drv = dev.driver;
  const ret = firmware_dma_configure(dev, dev.bus.firmware_node(dev));
  return finish_dma_configure(dev, drv, ret);
}

@final
export class pci_bus extends bus_type {
  constructor(private _host_bridge: device_node) {
    super();
  }
  dma_configure(dev: Device): i32 {
    return pci_dma_configure(dev);
  }
  override firmware_node(dev: Device): device_node {
    return fixed<device_node>(changetype<usize>(this), offsetof<pci_bus>('_host_bridge'));
  }
  /** All requester IDs of the host bridge lead to one instance. */
  override nr_specifiers(dev: Device, np: device_node): i32 {
    if (np.nr_iommus == 0) return 0;
    return dev.pci!.position.alias < 0 ? 1 : 2;
  }
  override specifier_iommu(dev: Device, np: device_node, k: i32): device_node {
    return np.iommu(0);
  }
  override specifier_id(dev: Device, np: device_node, k: i32): i32 {
    const position = dev.pci!.position;
    return k == 0 ? position.requester_id : position.alias;
  }
  override request_acs(): void {
    pci_request_acs();
  }
  override device_group(dev: Device): iommu_group {
    return pci_device_group(dev);
  }
}
