// How IOMMU drivers get from a node to their instance: by the hardware device of that node (designs.md 2.2 step 6, section 10).
import { Klist } from 'heddle';
import { get_device, put_device } from '../device';
import { platform_bus_type } from '../machine';
import { Device, device_node, driver_data, klist_node } from '../objects';

/** 2.2 step 6: the first device of the list, a bus's or a driver's, that has this node, with one more reference; null if there is none. */
function find_device(devices: Klist<klist_node>, np: device_node): Device | null {
  for (let node = devices.first(); node; node = devices.next(node)) {
    const dev = node.dev;
    if (dev.of_node != np) continue;
    get_device(dev);
    devices.leave(node);
    return dev;
  }
  return null;
}

/** Section 10, of_xlate of dart, rockchip and ipmmu: among all devices of the platform bus. The caller puts the reference, or does not. */
export function of_find_device_by_node(np: device_node): Device | null {
  return find_device(platform_bus_type.klist_devices, np);
}

/** Section 10, probe_device of SMMU and virtio: drvdata of the device found; null if there is none. */
export function find_instance_by_fwnode(devices: Klist<klist_node>, fwnode: device_node): driver_data | null {
  const hardware = find_device(devices, fwnode);
  if (!hardware) return null;
  const found = hardware.drvdata;
  put_device(hardware);
  return found;
}
