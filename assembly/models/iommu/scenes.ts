// The scenes of designs.md section 12, each as small as what it is to show. The smallest for each symptom of section 7 is marked.
import { scene } from 'heddle';
import { register_grid } from './grid';
import { client_place, firmware_names } from './machine';
import { register_life_scenes } from './scenes-life';
import { register_group_scenes } from './scenes-groups';
import { register_larger_scenes } from './scenes-larger';
import { bound, clients_present, instances_present, loaded, present, registered } from './setup';

/** The instance's hardware device is on the bus before the client. */
export function one_client_one_instance(): void {
  instances_present(1);
  clients_present(1, 1);
}

function one_client_two_ids(): void {
  instances_present(1);
  firmware_names(0, 0, 2);
  clients_present(1, 1);
}

/** Instance 1 is another one of the same driver. */
export function one_client_two_instances(): void {
  instances_present(2);
  clients_present(1, 1);
}

function two_clients_two_instances(): void {
  instances_present(2);
  clients_present(2, 2);
}

function instance_before_client(): void {
  instances_present(1);
  registered(0);
  clients_present(1, 1);
}

function client_to_come(): void {
  instances_present(1);
  firmware_names(0, 0, 1);
}

function client_and_driver_to_come(): void {
  client_to_come();
  loaded(client_place(0));
}

function client_to_come_two_instances(): void {
  instances_present(2);
  firmware_names(0, 0, 1);
}

function client_to_come_one_registered(): void {
  client_to_come_two_instances();
  registered(0);
}

function client_of_two_instances(): void {
  firmware_names(0, 0, 1);
  firmware_names(0, 1, 2);
  present(client_place(0));
}

/** Firmware names two instances for the client. */
export function two_specifiers(): void {
  instances_present(2);
  client_of_two_instances();
}

function two_specifiers_first_registered(): void {
  instances_present(2);
  registered(0);
  client_of_two_instances();
}

function two_specifiers_second_registered(): void {
  instances_present(2);
  registered(1);
  client_of_two_instances();
}

function client_waits(): void {
  one_client_one_instance();
  bound(0);
}

function register_walks(): void {
  // The smallest scene for S1, S3, S4, and with give-up=1 for S6; S10: the lock that a walk does not take is the client's.
  scene('walk-client', one_client_one_instance).with('register', 0).with('bind', 0);
  // S5: the firmware spec moves when the second ID is added.
  scene('walk-client-two-ids', one_client_two_ids).with('register', 0).with('bind', 0);
  // S2.
  scene('walk-walk', one_client_two_instances).with('register', 0).with('register', 1);
  scene('walk-walk-two', two_clients_two_instances).with('register', 0).with('register', 1);
  scene('walk-add', client_to_come).with('register', 0).with('add', 0);
  scene('walk-add-bind', client_and_driver_to_come).with('register', 0).with('add', 0);
  scene('walk-add-registered', client_to_come_one_registered).with('register', 1).with('add', 0);
  scene('walk-walk-add', client_to_come_two_instances).with('register', 0).with('register', 1).with('add', 0);
  scene('walk-walk-bind', one_client_two_instances).with('register', 0).with('register', 1).with('bind', 0);
}

function register_two_specifiers(): void {
  // S8, and with profile=3 S7 and S9.
  scene('two-specifiers', two_specifiers).with('register', 0).with('register', 1).with('bind', 0);
  scene('two-specifiers-first', two_specifiers_first_registered).with('register', 1).with('bind', 0);
  scene('two-specifiers-second', two_specifiers_second_registered).with('register', 0).with('bind', 0);
}

function register_deferral(): void {
  scene('deferral', client_waits).with('register', 0).with('trigger');
  scene('deferral-bind', two_clients_two_instances).with('bind', 0).with('register', 0).with('bind', 1);
  scene('deferral-load', instance_before_client).with('bind', 0).with('trigger');
}

/** Section 12: all scenes. */
export function register_scenes(): void {
  register_walks();
  register_two_specifiers();
  register_deferral();
  register_life_scenes();
  register_larger_scenes();
  register_group_scenes();
  register_grid();
}
