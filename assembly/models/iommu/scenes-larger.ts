// Scenes of designs.md section 12 with several clients or with injected errors: aliases, faults, full.
import { scene } from 'heddle';
import {
  Bus,
  bridge,
  bus_of_kind,
  client_place,
  firmware_names,
  instance_place,
  iommu_driver_of_make,
  parent,
  pci_bus_type,
} from './machine';
import { DomainType } from './objects';
import { drivers, inject_one_fault } from './options';
import { ChildOrder, open_coded_driver } from './open-coded';
import { pci_position } from './pci-device';
import { one_client_one_instance, one_client_two_instances, two_specifiers } from './scenes';
import { bound_client, child_before, registered_instance } from './scenes-life';
import { bound, clients_present, instances_present, present, registered } from './setup';
import { port_driver } from './client-driver';
import { vfio_driver } from './vfio-driver';

/** A bridge that does not isolate, and two functions behind it in slots of their own; firmware describes the host bridge. */
function bridge_and_functions(): void {
  const above = new pci_position(0, 16, true, false);
  bridge.at_position(pci_bus_type, above);
  bridge.driven_by(new port_driver(true));
  client_place(0).at_position(pci_bus_type, new pci_position(1, 17, false, true).behind(above));
  client_place(1).at_position(pci_bus_type, new pci_position(2, 18, false, true).behind(above));
  firmware_names(0, 0, 0);
}

function bridge_and_functions_present(): void {
  present(bridge);
  present(client_place(0));
  present(client_place(1));
}

function functions_present(): void {
  bridge_and_functions();
  instances_present(1);
  bridge_and_functions_present();
}

function functions_registered(): void {
  bridge_and_functions();
  instances_present(1);
  registered(0);
  bridge_and_functions_present();
}

function functions_to_come(): void {
  bridge_and_functions();
  instances_present(1);
  registered(0);
  present(bridge);
}

/** Two functions of one slot at the root: without ACS they can reach each other. The second also uses the first one's requester ID. */
function aliased_functions(): void {
  client_place(0).at_position(pci_bus_type, new pci_position(1, 8, false, false));
  client_place(1).at_position(pci_bus_type, new pci_position(1, 9, false, false).aliased_as(8));
  firmware_names(0, 0, 0);
  instances_present(1);
  registered(0);
  present(client_place(0));
  present(client_place(1));
}

function register_aliases(): void {
  // S6: whoever is probed first gets a group that the others do not find.
  scene('aliases', functions_present).with('register', 0).with('bind', 0).with('bind', 1);
  scene('aliases-bind', functions_registered).with('bind', 1).with('bind', 0);
  scene('aliases-bridge', functions_registered).with('bind', 0).with('bind-bridge');
  scene('aliases-add', functions_to_come).with('add', 0).with('add', 1);
  scene('aliases-slot', aliased_functions).with('bind', 1).with('bind', 0);
}

function faults_one_client(): void {
  inject_one_fault();
  one_client_one_instance();
}

function faults_two_instances(): void {
  inject_one_fault();
  one_client_two_instances();
}

function faults_two_specifiers(): void {
  inject_one_fault();
  two_specifiers();
}

function faults_aliases(): void {
  inject_one_fault();
  functions_registered();
}

function faults_bound(): void {
  inject_one_fault();
  bound_client();
}

function faults_registered(): void {
  inject_one_fault();
  registered_instance();
}

function faults_child(): void {
  inject_one_fault();
  child_before();
}

function faults_waiting(): void {
  inject_one_fault();
  one_client_one_instance();
  bound(0);
}

function register_faults(): void {
  scene('faults-walk-client', faults_one_client).with('register', 0).with('bind', 0);
  scene('faults-walk-walk', faults_two_instances).with('register', 0).with('register', 1);
  scene('faults-two-specifiers', faults_two_specifiers).with('register', 0).with('register', 1).with('bind', 0);
  scene('faults-aliases', faults_aliases).with('bind', 1).with('bind', 0);
  scene('faults-remove', faults_bound).with('unbind', 0).with('remove', 0);
  scene('faults-rebind', faults_registered).with('rebind', 0);
  scene('faults-open-coded', faults_child).with('bind-parent').with('register', 0);
  scene('faults-deferral', faults_waiting).with('register', 0).with('trigger');
}

/**
 * Four clients and three instances: a platform device with two specifiers, one on another bus, one for user space, one that is plugged in or
 * made by its parent, whoever is first.
 */
function everything(): void {
  instances_present(3);
  firmware_names(0, 0, 1);
  firmware_names(0, 1, 2);
  present(client_place(0));
  client_place(1).on_bus(bus_of_kind(Bus.amba));
  client_place(1).np.wants(DomainType.identity, 1);
  firmware_names(1, 1, 3);
  present(client_place(1));
  client_place(2).driven_by(new vfio_driver());
  firmware_names(2, 2, 4);
  present(client_place(2));
  firmware_names(3, 0, 5);
  parent.driven_by(new open_coded_driver(ChildOrder.after_add, client_place(3)));
  present(parent);
}

/** Section 7.2: client 0 of instance 0; the other instances are of other makes and serve nobody. */
function one_client_several_makes(): void {
  for (let i = 1; i < drivers(); i++) instance_place(i).driven_by(iommu_driver_of_make(i));
  instances_present(drivers());
  clients_present(1, 1);
}

function register_cost(): void {
  scene('cost', one_client_several_makes).with('live', 0);
}

function register_full(): void {
  scene('full', everything)
    .with('load-iommu')
    .with('bind', 0)
    .with('rebind', 1)
    .with('claim', 2, 0)
    .with('add', 3)
    .with('set-type', 1, 2)
    .with('remove', 0)
    .with('remove', 3)
    .with('bind-parent')
    .with('unregister', 2);
  scene('storm', everything)
    .with('register', 0)
    .with('register', 1)
    .with('register', 2)
    .with('bind', 0)
    .with('bind', 1)
    .with('add', 3)
    .with('remove', 1)
    .with('add', 1);
}

/** Section 12: several devices, injected errors, and everything at once. */
export function register_larger_scenes(): void {
  register_aliases();
  register_faults();
  register_full();
  register_cost();
}
