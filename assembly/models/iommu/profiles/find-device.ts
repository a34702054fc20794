// How drivers get from a specifier to their instance: by the device of its node (designs.md 2.2 step 6, section 10).
import { get_device } from '../device';
import { platform_bus_type } from '../machine';
import { Device, device_node } from '../objects';

/** The device that firmware's node describes, with one more reference; null if there is none on the platform bus. */
export function of_find_device_by_node(np: device_node): Device | null {
  const devices = platform_bus_type.klist_devices;
  for (let node = devices.first(); node; node = devices.next(node)) {
    const dev = node.dev;
    if (dev.of_node != np) continue;
    get_device(dev);
    devices.leave(node);
    return dev;
  }
  return null;
}
