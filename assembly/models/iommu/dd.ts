// Binding a device to its driver, and the end of that (designs.md section 1, E5 and E7).
import { count, fault, free, spawnWith } from 'heddle';
import {
  deferred_probe_trigger_count,
  driver_deferred_probe_add,
  driver_deferred_probe_trigger,
} from './deferred-probe';
import { driver_deferred_probe_del } from './deferred-probe';
import { chosen } from './designs/chosen';
import { get_device, put_device } from './device';
import { call_dma_configure } from './dma-configure';
import { EBUSY, ENODEV, ENOMEM, EPROBE_DEFER } from './errno';
import { device_links_check_suppliers, device_links_driver_bound, device_links_unbind } from './fw-devlink';
import { Device, device_driver } from './objects';
import { async_probe, faults } from './options';
import { bind_begins, bind_reaches_probe } from './promises/bind';

/** Section 1, driver_bound. What a design costs is told per device that has an IOMMU. */
function driver_bound(dev: Device, drv: device_driver): void {
  if (dev.of_node.nr_iommus != 0) count('devices bound');
  drv.klist_devices.addTail(dev.knode_driver);
  device_links_driver_bound(dev);
  driver_deferred_probe_del(dev);
  driver_deferred_probe_trigger();
}

/** Section 1, what a failed bind and an unbind leave behind: nothing. */
function device_unbind_cleanup(dev: Device): void {
  chosen.reset_dma_mode(dev);
  const map = dev.dma_range_map;
  if (map) free(map);
  dev.dma_range_map = null;
  dev.driver = null;
}

/** Section 1, really_probe steps 5 and 6: -ENOMEM, or what the driver's probe says. */
function call_driver_probe(dev: Device, drv: device_driver): i32 {
  if (faults() && fault('no sysfs link between device and driver') && dev.excuse()) return -ENOMEM;
  dev.bound.set(1);
  bind_reaches_probe(dev);
  const ret = faults() && fault('the driver rejects the device') && dev.excuse() ? -ENOMEM : drv.probe(dev);
  if (ret != 0) dev.bound.set(0);
  return ret;
}

/** Section 1, really_probe: E5. dev->driver is set long before the driver's probe runs. */
function really_probe(dev: Device, drv: device_driver): i32 {
  bind_begins(dev);
  let ret = device_links_check_suppliers(dev);
  if (ret != 0) return ret;
  count('bind attempts');
  dev.driver = drv;
  const bus = dev.bus;
  if (bus.has_dma_configure()) ret = call_dma_configure(dev);
  if (ret == 0) {
    ret = call_driver_probe(dev, drv);
    if (ret != 0 && bus.has_dma_configure()) bus.dma_cleanup(dev);
  }
  if (ret != 0) {
    device_unbind_cleanup(dev);
    return ret;
  }
  driver_bound(dev, drv);
  return 0;
}

/** Section 1, bind attempt; the device's lock is held. */
function __driver_probe_device(dev: Device, drv: device_driver): i32 {
  if (dev.dead || !dev.registered) return -ENODEV;
  if (dev.driver) return -EBUSY;
  return really_probe(dev, drv);
}

/** Section 1, deferral: a trigger that came while the probe ran must not be missed. */
function driver_probe_device(dev: Device, drv: device_driver): i32 {
  const trigger_count = deferred_probe_trigger_count();
  const ret = __driver_probe_device(dev, drv);
  if (ret == -EPROBE_DEFER) {
    count('deferrals');
    driver_deferred_probe_add(dev);
    if (trigger_count != deferred_probe_trigger_count()) driver_deferred_probe_trigger();
  }
  return ret;
}

/** Section 1: a bind attempt under the device's lock. The module loader's, sysfs's, the worker's; E5. */
export function __driver_attach(dev: Device, drv: device_driver): void {
  dev.mutex.lock();
  dev.loaded.set(1);
  driver_probe_device(dev, drv);
  dev.mutex.unlock();
}

/** E5 in a worker of its own, which has a reference to the device. */
function __device_attach_async_helper(dev: Device): void {
  __driver_attach(dev, dev.matching_driver!);
  put_device(dev);
}

/** Section 1: a bind attempt by a module load or a device_add, maybe in a worker of its own. */
export function driver_attach_one(dev: Device, drv: device_driver): void {
  if (!async_probe()) {
    __driver_attach(dev, drv);
    return;
  }
  get_device(dev);
  spawnWith<Device>(__device_attach_async_helper, dev);
}

/** Section 1, device_add step 6, and the deferred worker: is there a driver for the device? */
export function device_attach(dev: Device): void {
  const drv = dev.matching_driver;
  if (drv && drv.registered) __driver_attach(dev, drv);
}

/** Section 1, device_add step 6, maybe in a worker. */
export function device_initial_probe(dev: Device): void {
  const drv = dev.matching_driver;
  if (drv && drv.registered) driver_attach_one(dev, drv);
}

/** Section 1, unbind; the device's lock is held. A walk over the driver's devices that stands at this one is waited for. */
function __device_release_driver(dev: Device): void {
  const drv = dev.driver;
  if (!drv) return;
  device_links_unbind(dev);
  drv.remove(dev);
  dev.bound.set(0);
  dev.loaded.set(0);
  if (dev.bus.has_dma_configure()) dev.bus.dma_cleanup(dev);
  device_unbind_cleanup(dev);
  drv.klist_devices.remove(dev.knode_driver);
}

/** E7, and step 3 of device_del. */
export function device_release_driver(dev: Device): void {
  dev.mutex.lock();
  __device_release_driver(dev);
  dev.mutex.unlock();
}
