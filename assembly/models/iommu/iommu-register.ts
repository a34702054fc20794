// IOMMU instances: their list, registration with its walk over the buses, and its end (designs.md 2.4).
import { count, free, List, SpinLock } from 'heddle';
import { chosen } from './designs/chosen';
import { EBUSY } from './errno';
import { count_group_lock, iommu_put_singleton_group, iommu_setup_default_domain } from './group';
import { dev_iommu_ops } from './iommu-core';
import { iommu_ops } from './iommu-ops';
import { watched_bus } from './machine';
import { bus_type, Device, device_node, iommu_device, iommu_group, klist_node } from './objects';
import { instance_arrives, instance_leaves } from './promises/attendance';
import { instance_is_registered } from './promises/locks';
import { registration_fails_at, registration_fails_at_group } from './promises/probing';

export const iommu_device_list = new List<iommu_device>();
export const iommu_device_lock = new SpinLock();

/** Section 0: the first instance of the list that has this node; null stands for the node-less ones. */
export function iommu_device_from_fwnode(fwnode: device_node | null): iommu_device | null {
  chosen.lock_iommu_device_list();
  let iommu = iommu_device_list.first();
  while (iommu && iommu.fwnode != fwnode) iommu = iommu_device_list.next(iommu);
  chosen.unlock_iommu_device_list();
  return iommu;
}

/** Section 0: that instance's driver. */
export function iommu_ops_from_fwnode(fwnode: device_node | null): iommu_ops | null {
  let ops: iommu_ops | null = null;
  chosen.lock_iommu_device_list();
  for (let iommu = iommu_device_list.first(); iommu; iommu = iommu_device_list.next(iommu)) {
    if (iommu.fwnode != fwnode) continue;
    ops = iommu.ops;
    break;
  }
  chosen.unlock_iommu_device_list();
  return ops;
}

/** 2.4, D0 to D3: one driver a system. */
function one_driver_a_system(ops: iommu_ops): i32 {
  const present = watched_bus(0)!.iommu_ops;
  return present && present != ops ? -EBUSY : 0;
}

/** 2.4: the walk over every device of the bus, then the default domains of the groups that it found. */
export function bus_iommu_probe(bus: bus_type): i32 {
  const group_list = new List<iommu_group>();
  const ret = walk_and_finalize(bus, group_list);
  free(group_list); // it was a local variable
  return ret;
}

/** 2.4, bus_iommu_probe: the walk, the default domains, and the members' probe_finalize. */
function walk_and_finalize(bus: bus_type, group_list: List<iommu_group>): i32 {
  const devices = bus.klist_devices;
  let node: klist_node | null = devices.first();
  while (node) {
    const ret = chosen.probe_iommu_group(node.dev, group_list);
    if (ret != 0) {
      registration_fails_at(node.dev, ret);
      devices.leave(node);
      return ret;
    }
    node = devices.next(node);
  }
  while (true) {
    const group = group_list.first();
    if (!group) return 0;
    const ret = chosen.setup_walked_group(group, group_list);
    if (ret != 0) {
      registration_fails_at_group(group, ret);
      return ret;
    }
    // The members are visited without group->mutex: some drivers' probe_finalize takes it (S11).
    for (let member = group.devices.first(); member; member = group.devices.next(member)) {
      dev_iommu_ops(member.dev).probe_finalize(member.dev);
    }
  }
}

/** 2.4, after the walk, from v6.2 on. */
export function setup_walked_group(group: iommu_group, group_list: List<iommu_group>): i32 {
  count_group_lock();
  group.mutex.lock();
  group_list.del(group);
  const ret = iommu_setup_default_domain(group);
  if (ret == 0) chosen.domain_has_changed(group);
  group.mutex.unlock();
  return ret;
}

/** 2.4, a registration's steps 2 and 3: from here on a lookup by node finds the instance. */
function add_to_list(iommu: iommu_device, ops: iommu_ops, fwnode: device_node | null): void {
  iommu.ops = ops;
  iommu.fwnode = fwnode;
  instance_is_registered(iommu);
  chosen.lock_for_registration();
  iommu_device_list.addTail(iommu);
  instance_arrives(iommu, fwnode);
  chosen.unlock_for_registration();
}

/** 2.4: E3. `fwnode` is null for a driver whose instances firmware does not name. */
export function iommu_device_register(iommu: iommu_device, ops: iommu_ops, fwnode: device_node | null): i32 {
  let ret = chosen.allows_one_driver() ? one_driver_a_system(ops) : 0;
  if (ret != 0) count('registrations refused');
  if (ret != 0) return ret;
  add_to_list(iommu, ops, fwnode);
  for (let i = 0; ret == 0; i++) {
    const bus = watched_bus(i);
    if (!bus) return 0;
    chosen.publish_ops(bus, ops);
    ret = bus_iommu_probe(bus);
  }
  iommu_device_unregister(iommu);
  return ret;
}

/** E11: the instance of a test serves one bus, whose notifier the caller has set up. */
export function iommu_device_register_bus(iommu: iommu_device, ops: iommu_ops, bus: bus_type): i32 {
  add_to_list(iommu, ops, null);
  chosen.publish_ops(bus, ops);
  const ret = bus_iommu_probe(bus);
  if (ret != 0) iommu_device_unregister_bus(iommu, bus);
  return ret;
}

/** 2.7, remove_iommu_group. */
function remove_iommu_group(dev: Device, iommu: iommu_device): void {
  if (dev.iommu && dev.iommu!.iommu_dev == iommu) chosen.iommu_release_device(dev);
}

/** 2.4, iommu_device_unregister: the devices of one bus that the instance has claimed. */
function release_devices(bus: bus_type, iommu: iommu_device): void {
  const devices = bus.klist_devices;
  for (let node = devices.first(); node; node = devices.next(node)) remove_iommu_group(node.dev, iommu);
}

/** 2.4, iommu_device_unregister: no lookup finds the instance any more. */
function remove_from_list(iommu: iommu_device): void {
  chosen.lock_for_registration();
  iommu_device_list.del(iommu);
  instance_leaves(iommu);
  chosen.unlock_for_registration();
  iommu_put_singleton_group(iommu);
}

/** 2.4: E4 and the failure of a registration. */
export function iommu_device_unregister(iommu: iommu_device): void {
  for (let i = 0; ; i++) {
    const bus = watched_bus(i);
    if (!bus) break;
    release_devices(bus, iommu);
  }
  remove_from_list(iommu);
}

/** E11: the counterpart of iommu_device_register_bus. */
export function iommu_device_unregister_bus(iommu: iommu_device, bus: bus_type): void {
  release_devices(bus, iommu);
  remove_from_list(iommu);
}
