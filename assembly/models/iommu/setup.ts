// What the set-up of a scene can have happen before it begins: devices on their buses, drivers bound, binds that wait. It runs alone, by the
// same functions as the events.
import { __driver_attach } from './dd';
import { driver_deferred_probe_enable } from './deferred-probe';
import { device_add } from './device';
import { iommu_bus_init } from './iommu-bus-notifier';
import { CLIENTS, client_place, firmware_names, instance_place, is_watched, pci_bus_type, watch } from './machine';
import { device_node } from './objects';
import { acpi, ids } from './options';
import { pci_bus_add_device, pci_device_add, pci_request_acs } from './pci-scan';
import { place } from './place';

/** The place's bus is part of the machine. */
export function power_on(where: place): void {
  const bus = where.bus;
  if (!bus || is_watched(bus)) return;
  iommu_bus_init(bus);
  watch(bus);
  if (acpi() && bus == pci_bus_type) pci_request_acs(); // early boot: the tables list an IOMMU
}

/** A device is here from the start; no driver is loaded yet. */
export function present(where: place): void {
  power_on(where);
  const dev = where.create();
  if (dev.pci) {
    pci_device_add(dev);
    pci_bus_add_device(dev);
  } else {
    device_add(dev);
  }
  where.occupy(dev);
}

/** The driver is loaded and has been tried on the device that is here. What waits then still waits when the scene begins. */
export function tried(where: place): void {
  const drv = where.driver!;
  drv.registered = true;
  driver_deferred_probe_enable(false);
  __driver_attach(where.dev!, drv);
  driver_deferred_probe_enable(true);
}

/** The driver is loaded, but its device is not here yet. */
export function loaded(where: place): void {
  where.driver!.registered = true;
}

/** Instances 0 … n − 1 are on the platform bus. The clients' buses are there before any of them registers. */
export function instances_present(n: i32): void {
  power_on(instance_place(0));
  for (let i = 0; i < CLIENTS; i++) power_on(client_place(i));
  for (let i = 0; i < n; i++) present(instance_place(i));
}

/** Instance `i` is registered. */
export function registered(i: i32): void {
  tried(instance_place(i));
}

function more_ids(np: device_node): void {
  for (let k = 1; k < ids() && np.nr_iommus < 4; k++) firmware_names(0, 0, CLIENTS + k);
}

/** Clients 0 … n − 1 are on their bus; firmware names instance i mod `among` for client i. Client 0 can have more IDs of it, four in all. */
export function clients_present(n: i32, among: i32): void {
  for (let i = 0; i < n; i++) {
    firmware_names(i, i % among, i + 1);
    if (i == 0) more_ids(client_place(0).np);
    present(client_place(i));
  }
}

/** Client `i` is bound, or waits for its instance. */
export function bound(i: i32): void {
  tried(client_place(i));
}
