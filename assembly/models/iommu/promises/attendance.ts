// Which instances are there: for promises 4, 6 and 11 of designs.md section 11.
import { invariantNow } from 'heddle';
import { Device, device_node, iommu_device } from '../objects';
import { each_device } from './devices';
import { names, nr_named } from './firmware';
import { Past } from './history';

/** The instance has joined iommu_device_list. */
export function instance_arrives(iommu: iommu_device, fwnode: device_node | null): void {
  if (fwnode) fwnode.presence.add(1);
  invariantNow('', meets_devices, iommu);
}

/** It has left the list. */
export function instance_leaves(iommu: iommu_device): void {
  invariantNow('', is_gone, iommu);
}

/** Promise 11 asks who was on the bus when the instance registered. */
function meets_devices(iommu: iommu_device): bool {
  const fwnode = iommu.fwnode;
  for (let i = 0, dev = each_device(0); dev; dev = each_device(++i)) {
    const meets = fwnode ? names(dev, fwnode) : nr_named(dev) == 0;
    if (meets && dev.has_bus && dev.registered) dev.history.set(Past.met_registration, 1);
  }
  return true;
}

function is_gone(iommu: iommu_device): bool {
  const fwnode = iommu.fwnode;
  if (!fwnode) return true;
  fwnode.presence.add(1);
  for (let i = 0, dev = each_device(0); dev; dev = each_device(++i)) {
    if (names(dev, fwnode)) dev.history.set(Past.met_registration, 0);
  }
  return true;
}
