// How the IOMMU core hears of devices: a notifier on each bus that it watches (designs.md section 1, E1 and E2).
import { Notifier, NOTIFY_DONE, NOTIFY_OK } from 'heddle';
import { chosen } from './designs/chosen';
import { bus_type, Device } from './objects';

export const BUS_NOTIFY_ADD_DEVICE: i32 = 1;
export const BUS_NOTIFY_DEL_DEVICE: i32 = 2;
export const BUS_NOTIFY_REMOVED_DEVICE: i32 = 3;

/** E1 and E2: the notifier chain's semaphore is held. */
function iommu_bus_notifier(action: i32, dev: Device): i32 {
  if (action == BUS_NOTIFY_ADD_DEVICE) return chosen.iommu_probe_device(dev) == 0 ? NOTIFY_OK : NOTIFY_DONE;
  if (action == BUS_NOTIFY_REMOVED_DEVICE) {
    chosen.iommu_release_device(dev);
    return NOTIFY_OK;
  }
  return NOTIFY_DONE;
}

/** Section 1: the IOMMU core watches the bus no longer. */
export function iommu_bus_exit(bus: bus_type, notifier: Notifier<Device>): void {
  bus.bus_notifier.unregister(notifier);
}

/** Section 1: the IOMMU core watches the bus from now on. The notifier's record belongs to the caller. */
export function iommu_bus_init(bus: bus_type): Notifier<Device> {
  const notifier = new Notifier<Device>(iommu_bus_notifier);
  bus.bus_notifier.register(notifier);
  return notifier;
}
