// Ordering by device links (designs.md section 1, fw_devlink): with the option on, a client is not even tried before its IOMMU is bound.
import { fault, free, List, ListNode, Mutex } from 'heddle';
import { get_device, put_device } from './device';
import { EPROBE_DEFER } from './errno';
import { CLIENTS, client_node } from './machine';
import { Device, device_node } from './objects';
import { nr_specifiers, specifier_iommu } from './of-iommu';
import { faults, fw_devlink } from './options';

/** Between two devices, with a reference to each. */
@final
class device_link extends ListNode {
  supplier_bound: bool = false;

  constructor(
    public supplier: Device,
    public consumer: Device,
  ) {
    super();
  }
}

const device_links_lock = new Mutex();
const device_links = new List<device_link>();

/** Section 1, fw_devlink: the link between the two; device_links_lock held. */
function find_link(supplier: device_node, consumer: Device): device_link | null {
  for (let link = device_links.first(); link; link = device_links.next(link)) {
    if (link.consumer == consumer && link.supplier.of_node == supplier) return link;
  }
  return null;
}

/** Section 1, fw_devlink: a link, unless there is one; device_links_lock held. */
function device_link_add(supplier: Device, consumer: Device): void {
  if (find_link(supplier.of_node, consumer)) return;
  if (faults() && fault('no memory for a link between devices') && consumer.excuse()) return;
  get_device(supplier);
  get_device(consumer);
  const link = new device_link(supplier, consumer);
  link.supplier_bound = supplier.links_driver_bound;
  device_links.addTail(link);
}

/** Section 1, fw_devlink: a link's references go with it. */
function device_link_free(link: device_link): void {
  const supplier = link.supplier;
  const consumer = link.consumer;
  free(link);
  put_device(supplier);
  put_device(consumer);
}

/** Section 1, device_add step 5: to each supplier that firmware names and that has a device. */
function link_to_suppliers(dev: Device): void {
  const np = dev.bus.firmware_node(dev);
  for (let k = 0; k < nr_specifiers(dev, np); k++) {
    const supplier = specifier_iommu(dev, np, k).dev;
    if (supplier) device_link_add(supplier, dev);
  }
}

/** Section 1, device_add step 5: to each consumer that names this device and has one. */
function link_to_consumers(dev: Device): void {
  for (let i = 0; i < CLIENTS; i++) {
    const consumer = client_node(i).dev;
    if (!consumer) continue;
    const np = consumer.bus.firmware_node(consumer);
    for (let k = 0; k < nr_specifiers(consumer, np); k++) {
      if (specifier_iommu(consumer, np, k) == dev.of_node) device_link_add(dev, consumer);
    }
  }
}

/** Section 1, device_add step 5. */
export function fw_devlink_link_device(dev: Device): void {
  if (!fw_devlink() || !dev.has_bus) return;
  device_links_lock.lock();
  if (!dev.of_node.dev) dev.of_node.dev = dev;
  link_to_suppliers(dev);
  link_to_consumers(dev);
  device_links_lock.unlock();
}

/** Section 1, really_probe step 1. */
export function device_links_check_suppliers(dev: Device): i32 {
  if (!fw_devlink()) return 0;
  let ret = 0;
  device_links_lock.lock();
  const np = dev.bus.firmware_node(dev);
  for (let k = 0; k < nr_specifiers(dev, np); k++) {
    const link = find_link(specifier_iommu(dev, np, k), dev);
    if (!link || !link.supplier_bound) ret = -EPROBE_DEFER;
  }
  device_links_lock.unlock();
  return ret;
}

/** Section 1, fw_devlink: consumers learn from their links whether the supplier is bound. */
function set_bound(dev: Device, bound: bool): void {
  if (!fw_devlink()) return;
  device_links_lock.lock();
  dev.links_driver_bound = bound;
  for (let link = device_links.first(); link; link = device_links.next(link)) {
    if (link.supplier == dev) link.supplier_bound = bound;
  }
  device_links_lock.unlock();
}

/** Section 1, driver_bound: the consumers may be bound. */
export function device_links_driver_bound(dev: Device): void {
  set_bound(dev, true);
}

/** Section 1, fw_devlink: from here on no consumer of the device is bound. */
export function device_links_unbind(dev: Device): void {
  set_bound(dev, false);
}

/** Section 1, device_del: the device's links go with it. */
export function fw_devlink_purge(dev: Device): void {
  if (!fw_devlink()) return;
  device_links_lock.lock();
  if (dev.of_node.dev == dev) dev.of_node.dev = null;
  let link = device_links.first();
  while (link) {
    const next = device_links.next(link);
    if (link.supplier == dev || link.consumer == dev) {
      device_links.del(link);
      device_link_free(link);
    }
    link = next;
  }
  device_links_lock.unlock();
}
