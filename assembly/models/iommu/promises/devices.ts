// All devices of the machine, for promises.
import { bridge, client, CLIENTS, container, instance, INSTANCES, mock_place, parent } from '../machine';
import { Device } from '../objects';

/** How many places there are. */
function places(): i32 {
  return INSTANCES + CLIENTS + 4;
}

function device_at(i: i32): Device | null {
  if (i < INSTANCES) return instance(i);
  i -= INSTANCES;
  if (i < CLIENTS) return client(i);
  i -= CLIENTS;
  if (i == 3) return container.dev;
  return i == 0 ? bridge.dev : i == 1 ? parent.dev : mock_place.dev;
}

/** The i-th of the devices that are there, in any order; null behind the last. */
export function each_device(i: i32): Device | null {
  for (let k = 0; k < places(); k++) {
    const dev = device_at(k);
    if (dev && i-- == 0) return dev;
  }
  return null;
}

/** Does it hold for all of them? */
export function for_all(holds: (dev: Device) => bool): bool {
  for (let k = 0; k < places(); k++) {
    const dev = device_at(k);
    if (dev && !holds(dev)) return false;
  }
  return true;
}

/** Is it the hardware device of an instance? */
export function is_instance(dev: Device): bool {
  for (let i = 0; i < INSTANCES; i++) if (instance(i) == dev) return true;
  return false;
}
