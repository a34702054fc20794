// Between driver core and IOMMU core: the firmware part of a bind, the DMA mode, and what all buses' dma_configure have in common
// (designs.md section 9).
import { fault, free } from 'heddle';
import { chosen } from './designs/chosen';
import { ENOMEM, EPROBE_DEFER, ERR_PTR, IS_ERR, PTR_ERR } from './errno';
import { iommu_group_get, iommu_group_put } from './group';
import { Device, device_driver, device_node, dma_range_map, DmaMode, DomainType, Firmware } from './objects';
import { faults } from './options';
import { configuration_begins, configuration_ends } from './promises/firmware-path';
import { dma_mode_is_stored } from './promises/translation';

/** Section 9, of_dma_configure step 4: the mode follows the type of the group's domain of this moment. */
export function arch_setup_dma_ops(dev: Device): void {
  const group = iommu_group_get(dev);
  if (!group) return;
  const domain = group.domain;
  if (domain && domain.type == DomainType.dma) {
    dev.dma_ops = DmaMode.iommu;
    dma_mode_is_stored(dev);
  }
  iommu_group_put(group);
}

/** Section 9, where a failure of the bind resets the mode. */
export function arch_teardown_dma_ops(dev: Device): void {
  dev.dma_ops = DmaMode.direct;
}

/** Section 9, step 1: the map of the node's DMA ranges, if this call has to make it; or an error (ERR_PTR). */
function set_dma_range_map(dev: Device, np: device_node): dma_range_map | null {
  if (!np.has_dma_ranges || !chosen.wants_dma_range_map(dev)) return null;
  if (faults() && fault('no memory for the DMA ranges') && dev.excuse()) return ERR_PTR<dma_range_map>(-ENOMEM);
  const map = new dma_range_map();
  dev.dma_range_map = map;
  return map;
}

/** Section 9, of_dma_configure. Errors other than deferral are dropped: the driver then binds without translation. */
export function of_dma_configure(dev: Device, np: device_node): i32 {
  const map = set_dma_range_map(dev, np);
  if (IS_ERR(map)) return PTR_ERR(map);
  configuration_begins(dev);
  const ret = chosen.of_iommu_configure(dev, np);
  configuration_ends(dev, ret);
  if (ret == -EPROBE_DEFER) {
    if (map) {
      dev.dma_range_map = null;
      free(map);
    }
    return ret;
  }
  chosen.set_dma_mode_after_firmware(dev, ret == 0);
  return 0;
}

/** Section 9, acpi_dma_configure: the same, but a deferral leaves the map where it is. */
export function acpi_dma_configure(dev: Device, np: device_node): i32 {
  const map = set_dma_range_map(dev, np);
  if (IS_ERR(map)) return PTR_ERR(map);
  configuration_begins(dev);
  const ret = chosen.acpi_iommu_configure_id(dev, np);
  configuration_ends(dev, ret);
  if (ret == -EPROBE_DEFER) return ret;
  chosen.set_dma_mode_after_firmware(dev, ret == 0);
  return 0;
}

/** Section 9, step 2 of each bus's dma_configure: by the description that the node belongs to. */
export function firmware_dma_configure(dev: Device, np: device_node): i32 {
  return np.firmware == Firmware.device_tree ? of_dma_configure(dev, np) : acpi_dma_configure(dev, np);
}

/** Section 1, really_probe step 4, and section 6 step 4 b: the bus's callback. */
export function call_dma_configure(dev: Device): i32 {
  if (faults() && fault('dma_configure fails') && dev.excuse()) return -ENOMEM;
  return dev.bus.dma_configure(dev);
}

/** Section 9, the last step of each bus's dma_configure. `drv` was read from dev->driver by the first one, `ret` comes from the second. */
export function finish_dma_configure(dev: Device, drv: device_driver | null, ret: i32): i32 {
  if (ret != 0 || !chosen.counts_as_user(dev, drv)) return ret;
  ret = chosen.iommu_device_use_default_domain(dev);
  if (ret != 0) chosen.reset_dma_mode(dev);
  return ret;
}

/** Section 9, the dma_cleanup of each bus. */
export function dma_cleanup(dev: Device): void {
  if (!dev.driver!.driver_managed_dma) chosen.iommu_device_unuse_default_domain(dev);
}
