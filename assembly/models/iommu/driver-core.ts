// The driver core around the IOMMU: binding a device to its driver, and deferral (designs.md section 1).
import { Atomic, free, List, Mutex, Work, WorkQueue } from 'heddle';
import { chosen } from './designs/chosen';
import { EBUSY, ENODEV, EPROBE_DEFER } from './errno';
import { Device, device_driver } from './objects';

const deferred_probe_mutex = new Mutex();
const deferred_probe_pending_list = new List<Device>();
const deferred_probe_active_list = new List<Device>();
const deferred_trigger_count = new Atomic();
const deferred_wq = new WorkQueue();

@final
class deferred_probe extends Work {
  override run(): void {
    deferred_probe_work_func();
  }
}
const deferred_probe_work = new deferred_probe();

/** device_add as far as the set-up of a scene needs it: the device is on its bus, and no driver looks for one. */
export function device_add_at_boot(dev: Device): void {
  dev.registered = true;
  dev.bus.klist_devices.addTail(dev.knode_bus);
}

export function get_device(dev: Device): void {
  dev.kobj.get();
}

export function put_device(dev: Device): void {
  dev.kobj.put();
}

/** Section 1, deferral: waits for the next trigger. */
function driver_deferred_probe_add(dev: Device): void {
  deferred_probe_mutex.lock();
  if (!dev.isListed()) deferred_probe_pending_list.addTail(dev);
  deferred_probe_mutex.unlock();
}

/** Section 1, driver_bound: no longer waits. */
function driver_deferred_probe_del(dev: Device): void {
  deferred_probe_mutex.lock();
  dev.delist();
  deferred_probe_mutex.unlock();
}

/** Section 1, trigger: every device that waits is tried again. */
function driver_deferred_probe_trigger(): void {
  deferred_probe_mutex.lock();
  deferred_trigger_count.inc();
  deferred_probe_pending_list.moveAllTo(deferred_probe_active_list);
  deferred_probe_mutex.unlock();
  deferred_wq.queueWork(deferred_probe_work);
}

/** Section 1, worker: E8. */
function deferred_probe_work_func(): void {
  deferred_probe_mutex.lock();
  while (true) {
    const dev = deferred_probe_active_list.takeFirst();
    if (!dev) break;
    get_device(dev);
    deferred_probe_mutex.unlock();
    driver_attach(dev);
    put_device(dev);
    deferred_probe_mutex.lock();
  }
  deferred_probe_mutex.unlock();
}

/** Section 1, driver_bound. */
function driver_bound(dev: Device): void {
  dev.matching_driver.klist_devices.addTail(dev.knode_driver);
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

/** Section 1, really_probe: E5. dev->driver is set long before the driver's probe runs. */
function really_probe(dev: Device, drv: device_driver): i32 {
  dev.driver = drv;
  let ret = dev.bus.dma_configure(dev);
  if (ret == 0) {
    dev.bound.set(1);
    ret = drv.probe(dev);
    if (ret != 0) {
      dev.bound.set(0);
      dev.bus.dma_cleanup(dev);
    }
  }
  if (ret != 0) {
    device_unbind_cleanup(dev);
    return ret;
  }
  driver_bound(dev);
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
  const trigger_count = deferred_trigger_count.load();
  const ret = __driver_probe_device(dev, drv);
  if (ret == -EPROBE_DEFER) {
    driver_deferred_probe_add(dev);
    if (trigger_count != deferred_trigger_count.load()) driver_deferred_probe_trigger();
  }
  return ret;
}

/** A bind attempt by whoever may make one: module load, the deferred worker. */
export function driver_attach(dev: Device): void {
  dev.loaded.set(1);
  dev.mutex.lock();
  driver_probe_device(dev, dev.matching_driver);
  dev.mutex.unlock();
}
