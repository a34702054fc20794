// The entry points E1 to E11 as events (designs.md section 1). An event on a device that is not there does nothing.
import { event, fault } from 'heddle';
import { chosen } from './designs/chosen';
import { __driver_attach, device_release_driver, driver_attach_one } from './dd';
import { driver_deferred_probe_trigger } from './deferred-probe';
import { device_add, device_del, put_device } from './device';
import { bridge, client_place, CLIENTS, container, instance_place, INSTANCES, parent } from './machine';
import { end_mock_test, run_mock_test } from './mock-bus';
import { Device, device_driver, DomainType } from './objects';
import { nr_specifiers, specifier_iommu } from './of-iommu';
import { attempts, excuse_nobody, faults, rebinds } from './options';
import { pci_bus_add_device, pci_device_add } from './pci-scan';
import { place } from './place';
import { iommu_group_store_type } from './sysfs-type';
import { DmaUser, vfio_driver } from './vfio-driver';

/** Section 1: whoever looks a device up on its bus has it pinned until `act` returns. */
function with_device(where: place, act: (dev: Device) => void): void {
  const bus = where.bus;
  if (!bus) return;
  const devices = bus.klist_devices;
  for (let node = devices.first(); node; node = devices.next(node)) {
    if (node.dev.of_node != where.np) continue;
    act(node.dev);
    devices.leave(node);
    return;
  }
}

/** E1: a device is plugged in; if its driver is loaded, it is bound (E5). */
function add(where: place): void {
  if (!where.claim()) return;
  if (faults() && fault('no memory for a device') && excuse_nobody()) {
    where.clear();
    return;
  }
  const dev = where.create();
  const ret = dev.pci ? pci_device_add(dev) : device_add(dev);
  if (ret != 0) {
    put_device(dev);
    where.clear();
    return;
  }
  if (dev.pci) pci_bus_add_device(dev);
  where.occupy(dev);
}

/** E1, of client `i`. */
function add_client(i: i32): void {
  add(client_place(i));
}

/** E2: a device is unplugged. */
function remove_client(i: i32): void {
  const where = client_place(i);
  const dev = where.vacate();
  if (!dev) return;
  device_del(dev);
  put_device(dev);
  where.clear();
}

/** Section 9, PCI: a function that is still being created matches no driver. */
function driver_match_device(dev: Device, drv: device_driver): bool {
  const pci = dev.pci;
  return dev.matching_driver == drv && (!pci || pci.match_driver);
}

/** Section 1, bind attempt: by a driver registration that walks the bus. */
function attach_matching(dev: Device): void {
  const drv = dev.matching_driver!;
  if (driver_match_device(dev, drv)) driver_attach_one(dev, drv);
}

/** Section 1, driver registration: a driver is loaded and meets the device that is at this place. */
function load_for(where: place): void {
  const drv = where.driver;
  if (!drv) return;
  drv.registered = true;
  with_device(where, attach_matching);
}

/** E3: the IOMMU driver is loaded and binds the hardware device of an instance, which registers the instance. */
function register_instance(i: i32): void {
  load_for(instance_place(i));
}

/** E5: a client's driver is loaded and binds its device. */
function bind_client(i: i32): void {
  load_for(client_place(i));
}

/** E6: the driver of the parent is loaded; its probe makes the child. */
function bind_parent(): void {
  load_for(parent);
}

/** E4: does firmware name this instance for the device? */
function names(dev: Device, iommu: Device): bool {
  const np = dev.has_bus ? dev.bus.firmware_node(dev) : dev.of_node;
  for (let k = 0; k < nr_specifiers(dev, np); k++) if (specifier_iommu(dev, np, k) == iommu.of_node) return true;
  return false;
}

/** E4: is the device bound to a driver of its own or, a child, to its parent's? */
function in_use(user: Device): bool {
  const above = parent.dev;
  return user.bound.get() != 0 || (above != null && above.bound.get() != 0);
}

/** E4: these drivers allow it only for an instance without bound clients. */
function release_instance(dev: Device): void {
  for (let i = 0; i < CLIENTS; i++) {
    const user = client_place(i).dev;
    if (user && in_use(user) && (names(user, dev) || user.of_node.in_tables)) return;
  }
  device_release_driver(dev);
}

/** E4, of instance `i`. */
function unregister_instance(i: i32): void {
  with_device(instance_place(i), release_instance);
}

/** E7. */
function unbind_client(i: i32): void {
  with_device(client_place(i), device_release_driver);
}

/** E7, of the parent of an open-coded child. */
function unbind_parent(): void {
  with_device(parent, device_release_driver);
}

/** Section 12, rebind. */
function rebind_client(i: i32): void {
  bind_client(i);
  unbind_client(i);
  bind_client(i);
}

/** Section 7.2, U: every make before that of the clients, but where the first one excludes the others. */
function register_makes(): void {
  if (chosen.allows_one_driver()) register_instance(0);
  else for (let k = INSTANCES - 1; k >= 0; k--) register_instance(k);
}

/** Section 7.2: a client is tried before its instance is there, then bound, then unbound and bound again. */
function live(i: i32): void {
  for (let k = 1; k < attempts(); k++) bind_client(i);
  register_makes();
  bind_client(i);
  for (let k = 0; k < rebinds(); k++) {
    unbind_client(i);
    bind_client(i);
  }
}

/** E8: some other driver has bound its device, so what waits is tried again. */
function trigger(): void {
  driver_deferred_probe_trigger();
}

/** E9, with the type identity. */
function store_identity(dev: Device): void {
  iommu_group_store_type(dev, DomainType.identity);
}

/** E9, with the type DMA. */
function store_dma(dev: Device): void {
  iommu_group_store_type(dev, DomainType.dma);
}

/** E9: what the drivers want. */
function store_wanted(dev: Device): void {
  iommu_group_store_type(dev, DomainType.none);
}

/** E9. */
function set_type(i: i32, type: i32): void {
  const by_type = type == DomainType.identity ? store_identity : store_dma;
  with_device(client_place(i), type == DomainType.none ? store_wanted : by_type);
}

/** E5: by sysfs, with the driver that user space has chosen. */
function bind_now(dev: Device): void {
  __driver_attach(dev, dev.matching_driver!);
}

/** E10, claim: only a driver that manages DMA itself lets user space claim it. */
function claim_as(dev: Device, user: DmaUser): void {
  const drv = dev.matching_driver;
  if (drv instanceof vfio_driver) (drv as vfio_driver).claim(dev, user);
}

/** E10, claim by the group. */
function claim_for_vfio(dev: Device): void {
  claim_as(dev, DmaUser.vfio);
}

/** E10, claim by the device. */
function claim_for_iommufd(dev: Device): void {
  claim_as(dev, DmaUser.iommufd);
}

/** E10: user space has the device bound to VFIO, if it is not yet, and claims its DMA. */
function claim_dma(i: i32, user: i32): void {
  const drv = client_place(i).driver;
  if (!(drv instanceof vfio_driver)) return;
  drv!.registered = true;
  with_device(client_place(i), bind_now);
  with_device(client_place(i), user == DmaUser.vfio ? claim_for_vfio : claim_for_iommufd);
}

/** E10, release: the counterpart. */
function release_as(dev: Device, user: DmaUser): void {
  const drv = dev.matching_driver;
  if (drv instanceof vfio_driver) (drv as vfio_driver).release(dev, user);
}

/** E10, release by the group. */
function release_for_vfio(dev: Device): void {
  release_as(dev, DmaUser.vfio);
}

/** E10, release by the device. */
function release_for_iommufd(dev: Device): void {
  release_as(dev, DmaUser.iommufd);
}

/** E10. */
function release_dma(i: i32, user: i32): void {
  with_device(client_place(i), user == DmaUser.vfio ? release_for_vfio : release_for_iommufd);
}

/** E5 of a PCI bridge, whose driver has no DMA. */
function bind_bridge(): void {
  load_for(bridge);
}

/** E5 of a container of fsl-mc, whose driver manages DMA itself. */
function bind_container(): void {
  load_for(container);
}

/** E3: all devices that the IOMMU driver matches, in the thread that loads it. */
function load_iommu_driver(): void {
  for (let i = 0; i < INSTANCES; i++) register_instance(i);
}

/** Section 1: each entry point as an event, with the context that its task has there. */
export function register_events(): void {
  event('register', register_instance)
    .arg('instance', 0, INSTANCES - 1)
    .context('module load');
  event('bind', bind_client)
    .arg('client', 0, CLIENTS - 1)
    .context('module load');
  event('add', add_client)
    .arg('client', 0, CLIENTS - 1)
    .context('hotplug');
  event('remove', remove_client)
    .arg('client', 0, CLIENTS - 1)
    .context('hotplug');
  event('unregister', unregister_instance)
    .arg('instance', 0, INSTANCES - 1)
    .context('sysfs');
  event('unbind', unbind_client)
    .arg('client', 0, CLIENTS - 1)
    .context('sysfs');
  event('rebind', rebind_client)
    .arg('client', 0, CLIENTS - 1)
    .context('sysfs');
  event('bind-parent', bind_parent).context('module load');
  event('unbind-parent', unbind_parent).context('sysfs');
  event('trigger', trigger).context('any bind that has succeeded');
  event('set-type', set_type)
    .arg('client', 0, CLIENTS - 1)
    .arg('type', DomainType.none, DomainType.dma)
    .context('sysfs');
  event('claim', claim_dma)
    .arg('client', 0, CLIENTS - 1)
    .arg('user', DmaUser.vfio, DmaUser.iommufd)
    .context('user');
  event('release', release_dma)
    .arg('client', 0, CLIENTS - 1)
    .arg('user', DmaUser.vfio, DmaUser.iommufd)
    .context('user');
  event('mock', run_mock_test, 1).context('test');
  event('mock-exit', end_mock_test, 1).context('test');
  event('bind-bridge', bind_bridge).context('module load');
  event('bind-container', bind_container).context('module load');
  event('load-iommu', load_iommu_driver).context('module load');
  event('live', live).arg('client', 0, 0).context('module load');
}
