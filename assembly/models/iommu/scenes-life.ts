// Scenes of designs.md section 12 in which devices, instances and drivers also go: remove, rebind, open-coded.
import { scene } from 'heddle';
import {
  Bus,
  bus_of_kind,
  client_place,
  firmware_names,
  instance_place,
  iommu_driver_of_make,
  parent,
} from './machine';
import { bus_type } from './objects';
import { ChildOrder, open_coded_driver } from './open-coded';
import { one_client_one_instance } from './scenes';
import { bound, clients_present, instances_present, power_on, present, registered, tried } from './setup';
import { vfio_driver } from './vfio-driver';

/** Instances are registered before there are clients: their walks find none. */
export function registered_instance(): void {
  instances_present(1);
  registered(0);
  clients_present(1, 1);
}

/** The client is bound, so its instance is registered. */
export function bound_client(): void {
  registered_instance();
  bound(0);
}

function one_client_two_instances_first(): void {
  instances_present(2);
  registered(0);
  clients_present(1, 1);
}

function bound_client_two_instances(): void {
  one_client_two_instances_first();
  bound(0);
}

function waiting_client(): void {
  one_client_one_instance();
  bound(0);
}

/** The client's driver hands it to user space. */
export function vfio_client(): void {
  client_place(0).driven_by(new vfio_driver());
  registered_instance();
  bound(0);
}

function register_remove(): void {
  // S11, with profile=6 or v6.15: the walk visits the members of a group while the client leaves it.
  scene('remove-register', one_client_one_instance).with('register', 0).with('remove', 0);
  scene('remove-register-waiting', waiting_client).with('register', 0).with('remove', 0);
  scene('remove-register-second', bound_client_two_instances).with('register', 1).with('remove', 0);
  // S13: the client has dev->iommu, but no instance has claimed it.
  scene('remove-bind', one_client_one_instance).with('bind', 0).with('remove', 0);
  scene('remove-bind-registered', registered_instance).with('bind', 0).with('remove', 0);
  scene('remove-unbind', bound_client).with('unbind', 0).with('remove', 0);
  scene('remove-trigger', waiting_client).with('trigger').with('remove', 0);
  scene('remove-set-type', bound_client).with('set-type', 0, 1).with('remove', 0);
  scene('remove-claim', vfio_client).with('claim', 0, 0).with('remove', 0);
  scene('remove-unregister', registered_instance).with('unregister', 0).with('remove', 0);
  scene('remove-add', bound_client).with('remove', 0).with('add', 0);
}

function register_unregister(): void {
  scene('unregister-bind', registered_instance).with('unregister', 0).with('bind', 0);
  scene('unregister-register', one_client_two_instances_first).with('unregister', 0).with('register', 1);
  scene('unregister-unbind', bound_client).with('unbind', 0).with('unregister', 0);
  scene('unregister-add', instance_only).with('unregister', 0).with('add', 0);
  scene('unregister-trigger', waiting_then_registered).with('unregister', 0).with('trigger');
  scene('unregister-claim', vfio_client).with('unregister', 0).with('claim', 0, 0);
}

function instance_only(): void {
  instances_present(1);
  registered(0);
  firmware_names(0, 0, 1);
}

/** The client waits although its instance is there: nobody has triggered yet. */
export function waiting_then_registered(): void {
  waiting_client();
  registered(0);
}

/** Two makes of IOMMU in one machine, one client each. */
function two_drivers(): void {
  instance_place(1).driven_by(iommu_driver_of_make(1));
  instances_present(2);
  clients_present(2, 2);
}

function register_two_drivers(): void {
  // S12.
  scene('two-drivers', two_drivers).with('register', 0).with('register', 1);
  scene('two-drivers-bind', two_drivers).with('register', 0).with('register', 1).with('bind', 1);
}

function register_rebind(): void {
  scene('rebind', one_client_one_instance).with('rebind', 0);
  scene('rebind-register', one_client_one_instance).with('rebind', 0).with('register', 0);
  scene('rebind-register-second', one_client_two_instances_first).with('rebind', 0).with('register', 1);
  scene('rebind-bind', registered_instance).with('rebind', 0).with('bind', 0);
  scene('rebind-unbind', registered_instance).with('rebind', 0).with('unbind', 0);
  scene('rebind-remove', registered_instance).with('rebind', 0).with('remove', 0);
  scene('rebind-unregister', registered_instance).with('rebind', 0).with('unregister', 0);
  scene('rebind-add', instance_only).with('rebind', 0).with('add', 0);
  scene('rebind-trigger', one_client_one_instance).with('rebind', 0).with('trigger');
  scene('rebind-set-type', registered_instance).with('rebind', 0).with('set-type', 0, 1);
  scene('rebind-claim', vfio_client).with('rebind', 0).with('claim', 0, 0);
}

/** A child of a parent whose driver configures its DMA. The child has no driver of its own. */
function child_of(order: ChildOrder, bus: bus_type | null): void {
  const child = client_place(0);
  if (!instance_place(0).dev) instances_present(1);
  firmware_names(0, 0, 1);
  child.on_bus(bus);
  child.driven_by(null);
  power_on(child);
  parent.driven_by(new open_coded_driver(order, child));
  present(parent);
}

/** The child is configured before it is added. */
export function child_before(): void {
  child_of(ChildOrder.before_add, bus_of_kind(Bus.platform));
}

function child_after(): void {
  child_of(ChildOrder.after_add, bus_of_kind(Bus.platform));
}

function child_of_host1x(): void {
  child_of(ChildOrder.before_add, bus_of_kind(Bus.host1x));
}

function context_of_host1x(): void {
  child_of(ChildOrder.after_add, bus_of_kind(Bus.host1x_context));
}

function child_without_bus(): void {
  child_of(ChildOrder.without_add, null);
}

function child_bound(): void {
  instances_present(1);
  registered(0);
  child_after();
  tried(parent);
}

function register_open_coded(): void {
  scene('open-coded-before', child_before).with('bind-parent').with('register', 0);
  scene('open-coded-after', child_after).with('bind-parent').with('register', 0);
  scene('open-coded-host1x', child_of_host1x).with('bind-parent').with('register', 0);
  scene('open-coded-context', context_of_host1x).with('bind-parent').with('register', 0);
  scene('open-coded-no-bus', child_without_bus).with('bind-parent').with('register', 0);
  scene('open-coded-unbind', child_bound).with('unbind-parent').with('unregister', 0);
}

/** Section 12: devices and instances that go, drivers that are bound again, children of parents. */
export function register_life_scenes(): void {
  register_remove();
  register_unregister();
  register_two_drivers();
  register_rebind();
  register_open_coded();
}
