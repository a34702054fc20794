// Which PCI devices share a group: those that the IOMMU cannot tell apart, and those that can reach each other without it (designs.md 2.5).
// Only what was probed earlier is found, so the order of probing decides.
import { iommu_group_alloc, iommu_group_get } from './group';
import { Device, iommu_group } from './objects';
import { pci_acs_enabled, pci_dev, pci_position } from './pci-device';

/** 2.5: does one put the other's requester ID on its DMA? */
function pci_devs_are_dma_aliases(a: pci_position, b: pci_position): bool {
  return a.upstream == b.upstream && (a.alias == b.requester_id || b.alias == a.requester_id);
}

/** 2.5: a group of an alias of the device. */
function get_pci_alias_group(dev: Device, pci: pci_dev): iommu_group | null {
  return group_of_neighbour(dev, pci, false);
}

/** 2.5: a group of another function of the device's slot; a function that isolates is no such. */
function get_pci_function_alias_group(dev: Device, pci: pci_dev): iommu_group | null {
  return pci_acs_enabled(pci) ? null : group_of_neighbour(dev, pci, true);
}

/** 2.5: by alias, or as functions of one slot that are not kept apart. */
function is_neighbour(pci: pci_dev, other: pci_dev, by_slot: bool): bool {
  const a = pci.position;
  const b = other.position;
  if (!by_slot) return pci_devs_are_dma_aliases(a, b);
  return a.upstream == b.upstream && a.slot == b.slot && !pci_acs_enabled(other);
}

/** 2.5: looks at every device of the bus, for one that has a group already. */
function group_of_neighbour(dev: Device, pci: pci_dev, by_slot: bool): iommu_group | null {
  const devices = dev.bus.klist_devices;
  for (let node = devices.first(); node; node = devices.next(node)) {
    const other = node.dev;
    const their = other.pci;
    if (other == dev || !their || !is_neighbour(pci, their, by_slot)) continue;
    const group = iommu_group_get(other);
    if (!group) continue;
    devices.leave(node);
    return group;
  }
  return null;
}

/** 2.5: bridges on the way up whose requester ID the device's DMA may bear. */
function get_pci_alias_or_group(pci: pci_dev): iommu_group | null {
  const alias = pci.position.alias;
  let bridge = pci.position.upstream;
  while (bridge) {
    if (bridge.requester_id == alias) {
      const group = iommu_group_get(bridge.dev!);
      if (group) return group;
    }
    bridge = bridge.upstream;
  }
  return null;
}

/** 2.5: from the device upwards through bridges that do not isolate, then in the slot of where that ends. */
export function pci_device_group(dev: Device): iommu_group {
  let pci = dev.pci!;
  let group = get_pci_alias_or_group(pci);
  if (group) return group;
  let top = dev;
  let bridge = pci.position.upstream;
  while (bridge) {
    const above = bridge.dev!;
    if (pci_acs_enabled(above.pci!)) break;
    group = iommu_group_get(above);
    if (group) return group;
    top = above;
    pci = above.pci!;
    bridge = bridge.upstream;
  }
  group = get_pci_alias_group(top, pci);
  if (!group) group = get_pci_function_alias_group(top, pci);
  return group ? group : iommu_group_alloc(dev);
}
