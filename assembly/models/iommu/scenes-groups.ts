// Scenes of designs.md section 12 about groups of several members and their owners (E9, E10), containers, instances that firmware has switched
// off, and the end of the selftest (E11).
import { scene } from 'heddle';
import { port_driver } from './client-driver';
import { device_release_driver } from './dd';
import { Bus, bus_of_kind, client_place, container, firmware_names, fsl_mc_bus_type, instance_place } from './machine';
import { mock_device_present, run_mock_test } from './mock-bus';
import { DomainType } from './objects';
import { one_client_one_instance } from './scenes';
import { registered_instance, vfio_client } from './scenes-life';
import { bound, instances_present, loaded, present, registered, tried } from './setup';
import { DmaUser, vfio_driver } from './vfio-driver';

// ---- groups of two ----

/** Firmware gives both clients the same stream: they are one group. */
function one_stream(): void {
  firmware_names(0, 0, 1);
  firmware_names(1, 0, 1);
}

function two_members(): void {
  one_stream();
  present(client_place(0));
  present(client_place(1));
}

function pair_present(): void {
  instances_present(1);
  two_members();
}

function pair_registered(): void {
  instances_present(1);
  registered(0);
  two_members();
}

/** Both have been bound, so both are in the group. */
function pair_grouped(): void {
  pair_registered();
  for (let i = 0; i < 2; i++) {
    bound(i);
    device_release_driver(client_place(i).dev!);
  }
}

/** One wants DMA, the other the identity. */
function want_different(): void {
  client_place(0).np.wants(DomainType.dma, 0);
  client_place(1).np.wants(DomainType.identity, 0);
}

function pair_at_odds_present(): void {
  want_different();
  pair_present();
}

function pair_at_odds_grouped(): void {
  want_different();
  pair_grouped();
}

/** Client 1 is for user space. */
function pair_with_vfio_present(): void {
  client_place(1).driven_by(new vfio_driver());
  pair_present();
}

function pair_with_vfio(): void {
  client_place(1).driven_by(new vfio_driver());
  pair_registered();
  bound(1);
}

/** Client 0 is in the group, too. */
function pair_with_vfio_grouped(): void {
  pair_with_vfio();
  bound(0);
  device_release_driver(client_place(0).dev!);
}

function claimed(i: i32, user: DmaUser): void {
  const where = client_place(i);
  (where.driver as vfio_driver).claim(where.dev!, user);
}

function pair_claimed(): void {
  pair_with_vfio();
  claimed(1, DmaUser.vfio);
}

/** Both are for user space. */
function pair_for_vfio(): void {
  for (let i = 0; i < 2; i++) client_place(i).driven_by(new vfio_driver());
  pair_registered();
  for (let i = 0; i < 2; i++) bound(i);
}

function pair_for_vfio_claimed(): void {
  pair_for_vfio();
  claimed(1, DmaUser.vfio);
}

/** The other member is plugged in. */
function vfio_and_member_to_come(): void {
  client_place(1).driven_by(new vfio_driver());
  one_stream();
  instances_present(1);
  registered(0);
  present(client_place(1));
  bound(1);
  loaded(client_place(0));
}

function register_pairs(): void {
  scene('group-bind', pair_registered).with('bind', 0).with('bind', 1);
  scene('group-register', pair_present).with('register', 0).with('bind', 0);
  scene('group-bind-claim', pair_with_vfio).with('bind', 0).with('claim', 1, 0);
  scene('group-bind-claim-iommufd', pair_with_vfio).with('bind', 0).with('claim', 1, 1);
  scene('group-register-claim', pair_with_vfio_present).with('register', 0).with('claim', 1, 0);
  scene('group-remove-claim', pair_with_vfio_grouped).with('remove', 0).with('claim', 1, 0);
  scene('group-add-claim', vfio_and_member_to_come).with('add', 0).with('claim', 1, 0);
  scene('group-release-bind', pair_claimed).with('release', 1, 0).with('bind', 0);
  scene('group-claim-claim', pair_for_vfio).with('claim', 0, 0).with('claim', 1, 0);
  scene('group-claim-iommufd', pair_for_vfio).with('claim', 0, 0).with('claim', 1, 1);
  scene('group-release-claim', pair_for_vfio_claimed).with('release', 1, 0).with('claim', 0, 1);
  scene('group-type-bind', pair_grouped).with('set-type', 0, 1).with('bind', 1);
  scene('group-type-remove', pair_grouped).with('set-type', 0, 1).with('remove', 1);
  scene('group-type-claim', pair_with_vfio_grouped).with('set-type', 0, 1).with('claim', 1, 0);
  scene('group-types', pair_at_odds_present).with('register', 0).with('bind', 0);
  scene('group-types-bind', pair_at_odds_grouped).with('set-type', 0, 0).with('bind', 1);
}

// ---- owners of one client's DMA ----

function vfio_client_present(): void {
  client_place(0).driven_by(new vfio_driver());
  one_client_one_instance();
}

function vfio_client_claimed(): void {
  vfio_client();
  claimed(0, DmaUser.vfio);
}

function iommufd_client_claimed(): void {
  vfio_client();
  claimed(0, DmaUser.iommufd);
}

function register_owners(): void {
  scene('claim-iommufd-register', vfio_client_present).with('register', 0).with('claim', 0, 1);
  scene('claim-iommufd-remove', vfio_client).with('claim', 0, 1).with('remove', 0);
  scene('release-claim', vfio_client_claimed).with('release', 0, 0).with('claim', 0, 1);
  scene('release-unbind', vfio_client_claimed).with('release', 0, 0).with('unbind', 0);
  scene('release-remove', iommufd_client_claimed).with('release', 0, 1).with('remove', 0);
  scene('release-register', vfio_client_present).with('register', 0).with('claim', 0, 0).with('release', 0, 0);
}

// ---- instances that are switched off ----

/** Firmware has switched off the only instance that it names for the client; another one is there. */
function only_instance_off(): void {
  instance_place(0).np.switch_off();
  instances_present(0);
  firmware_names(0, 0, 1);
  present(instance_place(1));
  present(client_place(0));
}

/** It has switched off instance `off` of the two that it names. */
function one_of_two_off(off: i32): void {
  instance_place(off).np.switch_off();
  instances_present(0);
  present(instance_place(1 - off));
  firmware_names(0, 0, 1);
  firmware_names(0, 1, 2);
  present(client_place(0));
}

function first_instance_off(): void {
  one_of_two_off(0);
}

function second_instance_off(): void {
  one_of_two_off(1);
}

function register_switched_off(): void {
  scene('disabled', only_instance_off).with('register', 1).with('bind', 0);
  scene('disabled-first', first_instance_off).with('register', 1).with('bind', 0);
  scene('disabled-second', second_instance_off).with('register', 0).with('bind', 0);
}

// ---- containers ----

/** Clients 0 … n − 1 are in a container of fsl-mc, whose root firmware describes. */
function contained(n: i32): void {
  container.driven_by(new port_driver(true));
  present(container);
  fsl_mc_bus_type.contained_in(container.dev!);
  for (let i = 0; i < n; i++) present(client_place(i));
}

function on_fsl_mc(n: i32): void {
  for (let i = 0; i < n; i++) client_place(i).on_bus(bus_of_kind(Bus.fsl_mc));
  firmware_names(0, 0, 1);
  instances_present(1);
}

function container_present(): void {
  on_fsl_mc(1);
  contained(1);
}

function container_registered(): void {
  on_fsl_mc(1);
  registered(0);
  contained(1);
}

/** The container is bound before its devices, as the driver that makes them is. */
function container_bound(): void {
  on_fsl_mc(2);
  registered(0);
  contained(2);
  tried(container);
}

function register_containers(): void {
  scene('container-register', container_present).with('register', 0).with('bind', 0);
  scene('container-bind', container_registered).with('bind-container').with('bind', 0);
  scene('container-bound', container_bound).with('bind', 0).with('bind', 1);
}

// ---- the selftest ends ----

function mock_and_registered(): void {
  registered_instance();
  mock_device_present();
  run_mock_test();
}

function mock_and_present(): void {
  one_client_one_instance();
  mock_device_present();
  run_mock_test();
}

function mock_and_client_to_come(): void {
  instances_present(1);
  firmware_names(0, 0, 1);
  registered(0);
  mock_device_present();
  run_mock_test();
}

function register_selftest(): void {
  scene('mock-exit-bind', mock_and_registered).with('mock-exit').with('bind', 0);
  scene('mock-exit-register', mock_and_present).with('mock-exit').with('register', 0);
  scene('mock-exit-add', mock_and_client_to_come).with('mock-exit').with('add', 0);
}

/** Section 12: groups of several members, owners of DMA, containers, instances that are switched off, the end of the selftest. */
export function register_group_scenes(): void {
  register_pairs();
  register_owners();
  register_switched_off();
  register_containers();
  register_selftest();
}
