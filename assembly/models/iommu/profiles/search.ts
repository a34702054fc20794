// How IOMMU drivers find their instance's hardware device by its node (designs.md section 10).
import { Klist } from 'heddle';
import { get_device, put_device } from '../device';
import { device_node, driver_data, klist_node } from '../objects';

/** drvdata of the first device of the list, a bus's or a driver's, that has this node; null if there is none. */
export function find_device_by_fwnode(devices: Klist<klist_node>, fwnode: device_node): driver_data | null {
  for (let node = devices.first(); node; node = devices.next(node)) {
    const hardware = node.dev;
    if (hardware.of_node != fwnode) continue;
    get_device(hardware);
    devices.leave(node);
    const found = hardware.drvdata;
    put_device(hardware);
    return found;
  }
  return null;
}
