// Events and scenes (designs.md sections 1 and 12).
import { event, scene } from 'heddle';
import { device_add_at_boot, driver_attach } from './driver-core';
import { client, client0, CLIENTS, instance, INSTANCES, smmu0 } from './machine';

/** E3: the IOMMU driver is loaded and binds the hardware device of an instance, which registers the instance. */
function register_instance(i: i32): void {
  driver_attach(instance(i));
}

/** E5: a client's driver is loaded and binds its device. */
function bind_client(i: i32): void {
  driver_attach(client(i));
}

/** Section 12, walk-client: the instance's hardware device is on the bus before the client. */
function one_client_one_instance(): void {
  client0.of_node.names(smmu0.of_node, 1);
  device_add_at_boot(smmu0);
  device_add_at_boot(client0);
}

export function register_scenes(): void {
  event('register', register_instance)
    .arg('instance', 0, INSTANCES - 1)
    .context('module load');
  event('bind', bind_client)
    .arg('client', 0, CLIENTS - 1)
    .context('module load');
  scene('walk-client', one_client_one_instance).with('register', 0).with('bind', 0);
}
