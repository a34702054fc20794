// Probing of devices by the IOMMU core: designs.md 2.4. The designs differ in where the probe mutex is taken.
import { check, free, List, SpinLock } from 'heddle';
import { chosen } from './designs/chosen';
import { EBUSY, EEXIST, ENODEV, IS_ERR, PTR_ERR } from './errno';
import { dev_iommu_free, dev_iommu_get } from './fwspec';
import {
  __iommu_device_set_domain,
  iommu_group_add_member,
  iommu_group_free_domains,
  iommu_group_put,
  iommu_group_remove_member,
  iommu_setup_default_domain,
} from './group';
import { platform_bus_type } from './machine';
import {
  bus_type,
  Device,
  device_node,
  group_device,
  iommu_device,
  iommu_group,
  iommu_ops,
  klist_node,
} from './objects';
import { kdump } from './options';

export const iommu_device_list = new List<iommu_device>();
export const iommu_device_lock = new SpinLock();

/** Section 0: the first instance of the list that has this node. */
export function iommu_ops_from_fwnode(fwnode: device_node): iommu_ops | null {
  let ops: iommu_ops | null = null;
  iommu_device_lock.lock();
  for (let iommu = iommu_device_list.first(); iommu; iommu = iommu_device_list.next(iommu)) {
    if (iommu.fwnode != fwnode) continue;
    ops = iommu.ops;
    break;
  }
  iommu_device_lock.unlock();
  return ops;
}

/** Section 0. */
export function dev_iommu_ops(dev: Device): iommu_ops {
  return dev.iommu!.iommu_dev!.ops!;
}

/** 2.4 step 4 d: the sysfs link between instance and device. */
function iommu_device_link(dev: Device): i32 {
  return dev.iommu_link.xchg(1) == 0 ? 0 : -EEXIST;
}

function iommu_device_unlink(dev: Device): void {
  dev.iommu_link.store(0);
}

/** 2.4, failure of step 4 after (c): what the driver has probed is released. */
function release_probed(dev: Device, ops: iommu_ops): void {
  ops.release_device(dev);
  dev.probes.add(-1);
}

/** 2.4, failure exit of step 4. */
function give_back(dev: Device, ops: iommu_ops): void {
  ops.owner.put();
  dev_iommu_free(dev);
}

/** 2.4 step 4; the probe mutex is held. */
function iommu_init_device(dev: Device, ops: iommu_ops): i32 {
  dev_iommu_get(dev);
  ops.owner.get();
  const iommu_dev = ops.probe_device(dev);
  if (IS_ERR(iommu_dev)) {
    give_back(dev, ops);
    return PTR_ERR(iommu_dev);
  }
  dev.probes.add(1);
  if (dev.probes.get() > 1) dev.probed_twice.set(1);
  const ret = iommu_device_link(dev);
  if (ret != 0) {
    release_probed(dev, ops);
    give_back(dev, ops);
    return ret;
  }
  const group = ops.device_group(dev);
  if (IS_ERR(group)) {
    iommu_device_unlink(dev);
    release_probed(dev, ops);
    give_back(dev, ops);
    return PTR_ERR(group);
  }
  dev.iommu_group = group;
  dev.iommu!.iommu_dev = iommu_dev;
  dev.iommu!.max_pasids = 0;
  if (kdump()) dev.iommu!.attach_deferred = true;
  return 0;
}

/** 2.4 step 6, 2.7; group->mutex held, the device is no member any more. The caller puts the group's reference. */
function iommu_deinit_device(dev: Device, group: iommu_group): void {
  const ops = dev_iommu_ops(dev);
  iommu_device_unlink(dev);
  release_probed(dev, ops);
  if (group.devices.empty()) iommu_group_free_domains(group);
  dev.iommu_group = null;
  give_back(dev, ops);
}

/** 2.4 step 5 after the list: the device gets the group's domain, or the group gets one. */
function join_domain(dev: Device, group: iommu_group, group_list: List<iommu_group> | null): i32 {
  const default_domain = group.default_domain;
  const domain = group.domain;
  if (domain) return __iommu_device_set_domain(group, dev, domain);
  check(default_domain == null, 'default domain set but no domain');
  if (!group_list) return iommu_setup_default_domain(group);
  if (!group.isListed()) group_list.addTail(group);
  return 0;
}

/** 2.4. */
function __iommu_probe_device(dev: Device, group_list: List<iommu_group> | null): i32 {
  const ops = dev.bus.iommu_ops;
  if (!ops) return -ENODEV;
  chosen.lock_in_probe();
  if (dev.iommu_group) {
    chosen.unlock_in_probe();
    return 0;
  }
  let ret = iommu_init_device(dev, ops);
  if (ret != 0) {
    chosen.unlock_in_probe();
    return ret;
  }
  const group = dev.iommu_group!;
  const member = new group_device(dev);
  group.mutex.lock();
  iommu_group_add_member(group, member);
  ret = join_domain(dev, group, group_list);
  if (ret != 0) {
    iommu_group_remove_member(group, dev);
    iommu_deinit_device(dev, group);
  }
  group.mutex.unlock();
  chosen.unlock_in_probe();
  if (ret != 0) iommu_group_put(group);
  return ret;
}

/** 2.4: E1 and the replay of E5. What follows a success runs without a lock. */
export function iommu_probe_device(dev: Device): i32 {
  chosen.lock_for_probe();
  const ret = __iommu_probe_device(dev, null);
  chosen.unlock_for_probe();
  if (ret != 0) return ret;
  dev_iommu_ops(dev).probe_finalize(dev);
  return 0;
}

/** 2.4: one device of a walk. */
function probe_iommu_group(dev: Device, group_list: List<iommu_group>): i32 {
  chosen.lock_for_probe();
  const ret = __iommu_probe_device(dev, group_list);
  chosen.unlock_for_probe();
  return ret == -ENODEV ? 0 : ret;
}

/** 2.4: the walk over every device of the bus, then the default domains of the groups that it found. */
export function bus_iommu_probe(bus: bus_type): i32 {
  const group_list = new List<iommu_group>();
  const ret = walk_and_finalize(bus, group_list);
  free(group_list); // it was a local variable
  return ret;
}

function walk_and_finalize(bus: bus_type, group_list: List<iommu_group>): i32 {
  const devices = bus.klist_devices;
  let node: klist_node | null = devices.first();
  while (node) {
    const ret = probe_iommu_group(node.dev, group_list);
    if (ret != 0) return ret;
    node = devices.next(node);
  }
  while (true) {
    const group = group_list.first();
    if (!group) return 0;
    group.mutex.lock();
    group_list.del(group);
    const ret = iommu_setup_default_domain(group);
    group.mutex.unlock();
    if (ret != 0) return ret;
    // The members are visited without group->mutex: some drivers' probe_finalize takes it (S11).
    for (let member = group.devices.first(); member; member = group.devices.next(member)) {
      dev_iommu_ops(member.dev).probe_finalize(member.dev);
    }
  }
}

/** 2.4, D0 and D1: one driver a system. */
export function iommu_device_register(iommu: iommu_device, ops: iommu_ops, fwnode: device_node): i32 {
  const present = platform_bus_type.iommu_ops;
  if (present && present != ops) return -EBUSY;
  iommu.ops = ops;
  iommu.fwnode = fwnode;
  iommu_device_lock.lock();
  iommu_device_list.addTail(iommu);
  iommu_device_lock.unlock();
  platform_bus_type.iommu_ops = ops;
  const ret = bus_iommu_probe(platform_bus_type);
  if (ret != 0) iommu_device_unregister(iommu);
  return ret;
}

/** 2.7: E2 and each device of E4. */
export function iommu_release_device(dev: Device): void {
  const group = dev.iommu_group;
  if (group) {
    group.mutex.lock();
    iommu_group_remove_member(group, dev);
    const param = dev.iommu;
    if (param && param.iommu_dev) iommu_deinit_device(dev, group);
    else dev.iommu_group = null;
    group.mutex.unlock();
    iommu_group_put(group);
  }
  if (dev.iommu) dev_iommu_free(dev);
}

/** 2.7, remove_iommu_group. */
function remove_iommu_group(dev: Device, iommu: iommu_device): void {
  if (dev.iommu && dev.iommu!.iommu_dev == iommu) iommu_release_device(dev);
}

/** 2.4: E4 and the failure of a registration. */
export function iommu_device_unregister(iommu: iommu_device): void {
  const devices = platform_bus_type.klist_devices;
  for (let node = devices.first(); node; node = devices.next(node)) remove_iommu_group(node.dev, iommu);
  iommu_device_lock.lock();
  iommu_device_list.del(iommu);
  iommu_device_lock.unlock();
}
