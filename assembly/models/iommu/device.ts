// Devices come and go: device_add, device_del and references to a device (designs.md section 1).
import { fault, free } from 'heddle';
import { device_initial_probe, device_release_driver } from './dd';
import { driver_deferred_probe_del } from './deferred-probe';
import { ENOMEM } from './errno';
import { fw_devlink_link_device, fw_devlink_purge } from './fw-devlink';
import { BUS_NOTIFY_ADD_DEVICE, BUS_NOTIFY_DEL_DEVICE, BUS_NOTIFY_REMOVED_DEVICE } from './iommu-bus-notifier';
import { Device } from './objects';
import { faults } from './options';
import { device_is_added, device_is_removed } from './promises/groups';

/** Section 1: one more reference to the record. */
export function get_device(dev: Device): void {
  dev.kobj.get();
}

/** Section 1, device_del step 6: the last reference frees it. */
export function put_device(dev: Device): void {
  if (dev.kobj.put()) device_release(dev);
}

/** Section 1, device_del step 6: the last reference is gone. */
function device_release(dev: Device): void {
  const map = dev.dma_range_map;
  if (map) free(map);
  dev.free_record();
}

/** Section 1, device_add step 2: from here on walks of the bus and drivers that are being loaded see the device. */
function bus_add_device(dev: Device): i32 {
  if (faults() && fault('the device cannot join its bus') && dev.excuse()) return -ENOMEM;
  if (dev.has_bus) dev.bus.klist_devices.addTail(dev.knode_bus);
  return 0;
}

/** Section 1, device_add step 4, device_del steps 2 and 5: the chain of the device's bus, with its semaphore held for reading. */
function bus_notify(dev: Device, action: i32): void {
  if (dev.has_bus) dev.bus.bus_notifier.call(action, dev);
}

/** Section 1, device_add step 6: a driver that is loaded is tried. PCI devices have to wait for the end of their creation. */
export function bus_probe_device(dev: Device): void {
  const pci = dev.pci;
  if (pci && !pci.match_driver) return;
  device_initial_probe(dev);
}

/** Section 1: E1. The device's lock is not held, but for step 6. */
export function device_add(dev: Device): i32 {
  if (faults() && fault('no sysfs directory for the device') && dev.excuse()) return -ENOMEM;
  dev.registered = true;
  device_is_added(dev);
  if (bus_add_device(dev) != 0) {
    dev.registered = false;
    return -ENOMEM;
  }
  bus_notify(dev, BUS_NOTIFY_ADD_DEVICE);
  fw_devlink_link_device(dev);
  if (dev.has_bus) bus_probe_device(dev);
  return 0;
}

/** Section 1, device_del step 1: no bind begins any more. */
function kill_device(dev: Device): void {
  dev.mutex.lock();
  dev.dead = true;
  dev.mutex.unlock();
}

/** Section 1, device_del step 3: a walk that stands at the device keeps it pinned. */
function bus_remove_device(dev: Device): void {
  if (!dev.has_bus) return;
  dev.bus.klist_devices.del(dev.knode_bus);
  device_release_driver(dev);
}

/** Section 1: E2. The caller drops its reference afterwards. */
export function device_del(dev: Device): void {
  kill_device(dev);
  bus_notify(dev, BUS_NOTIFY_DEL_DEVICE);
  bus_remove_device(dev);
  driver_deferred_probe_del(dev);
  fw_devlink_purge(dev);
  bus_notify(dev, BUS_NOTIFY_REMOVED_DEVICE);
  dev.registered = false;
  device_is_removed(dev);
}
