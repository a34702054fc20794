// Promise 1 of designs.md section 11, as far as it is no business of the executor's oracles: references return to what is in use, and no
// live object links to dead memory.
import { invariantNow, ListNode } from 'heddle';
import { INSTANCES, instance_place } from '../machine';
import { Device, device_node, iommu_domain, iommu_group } from '../objects';
import { fw_devlink } from '../options';
import { ops_of_profile, PROFILES } from '../profiles/chosen';
import { iommu_ops } from '../iommu-ops';
import { vfio_driver } from '../vfio-driver';
import { each_device, for_all, is_instance } from './devices';
import { members } from './groups';
import { Past } from './history';
import { kept_references } from './references';

/** One for the node itself, one for each fwspec that names it. */
function node_references(np: device_node): i32 {
  let n = 1;
  for (let i = 0, dev = each_device(0); dev; dev = each_device(++i)) {
    const param = dev.iommu;
    const fwspec = param ? param.fwspec : null;
    if (fwspec && fwspec.iommu_fwnode == np) n += 1;
  }
  return n;
}

/** Promise 1: references to firmware's nodes. */
export function node_references_return(): bool {
  for (let i = 0; i < INSTANCES; i++) {
    const np = instance_place(i).np;
    if (np.references.value() != node_references(np)) return false;
  }
  return true;
}

/** One for the module itself, one for each device that the driver has claimed. */
function module_references(ops: iommu_ops): i32 {
  let n = 1;
  for (let i = 0, dev = each_device(0); dev; dev = each_device(++i)) {
    const param = dev.iommu;
    const iommu_dev = dev.iommu_group && param ? param.iommu_dev : null;
    if (iommu_dev && iommu_dev.ops == ops) n += 1;
  }
  return n;
}

/** Promise 1: references to the drivers' modules. */
export function module_references_return(): bool {
  for (let p = 0; p < PROFILES; p++) {
    const ops = ops_of_profile(p);
    if (ops.owner.value() != module_references(ops)) return false;
  }
  return true;
}

/** One for whoever will remove the device, one for its bus. What it has beyond them; device links (an option) hold more. */
function references_too_many(dev: Device): i32 {
  return fw_devlink() ? 0 : dev.kobj.value() - (dev.has_bus && dev.registered ? 2 : 1);
}

/** Promise 1: references to clients. */
export function device_references_return(): bool {
  return for_all((dev) => is_instance(dev) || references_too_many(dev) == 0);
}

/** The devices that drivers look up by an instance's node; what a configuration that succeeded has kept is told of by that promise alone. */
export function instance_references_return(): bool {
  let n = 0;
  for (let i = 0, dev = each_device(0); dev; dev = each_device(++i))
    if (is_instance(dev)) n += references_too_many(dev);
  return n == 0 || n == kept_references();
}

/** Section 10, dart and ipmmu: they keep the reference that of_xlate takes, of what goes well, too. */
export function success_keeps_no_reference(): bool {
  return fw_devlink() || kept_references() == 0;
}

// ---- dev->iommu ----

/** The running task has just stored a record there. */
export function record_is_stored(dev: Device): void {
  invariantNow('1: a store to dev->iommu overwrites no other record', there_was_none, dev);
}

/** It has just stored NULL there. */
export function record_is_cleared(dev: Device): void {
  dev.history.set(Past.record, 0);
}

function there_was_none(dev: Device): bool {
  const before = dev.history.get(Past.record);
  dev.history.set(Past.record, 1);
  return before == 0;
}

/** One for each member, one for an instance that has it as its only group, one for each driver that hands it to user space. */
function group_has_its_references(dev: Device): bool {
  const group = dev.iommu_group;
  if (!group) return true;
  let n = members(group);
  for (let i = 0, other = each_device(0); other; other = each_device(++i)) {
    if (other.bound.get() == 0) continue;
    if (other.matching_driver instanceof vfio_driver && other.iommu_group == group) n += 1;
  }
  const param = dev.iommu;
  const iommu_dev = param ? param.iommu_dev : null;
  if (iommu_dev && iommu_dev.singleton_group == group) n += 1;
  return group.devices_kobj.value() == n;
}

/** Promise 1: references to groups. */
export function group_references_return(): bool {
  return for_all(group_has_its_references);
}

// ---- links ----

/** A read of what the pointer leads to: the executor reports what is dead. */
function follow<T>(pointer: T): void {
  const address = changetype<usize>(pointer);
  if (address) load<u32>(address);
}

function follow_domain(domain: iommu_domain | null): void {
  if (domain) domain.type;
}

function follow_group(group: iommu_group | null): void {
  if (!group) return;
  follow_domain(group.domain);
  follow_domain(group.default_domain);
  follow_domain(group.blocking_domain);
  follow((group as ListNode).owner); // the list of a walk
  for (let member = group.devices.first(); member; member = group.devices.next(member)) follow(member.dev);
}

/** Reads through every link of a device; the executor's oracle for memory has the verdict. */
function follow_links(dev: Device): bool {
  follow((dev as ListNode).owner);
  follow(dev.drvdata);
  follow_group(dev.iommu_group);
  const param = dev.iommu;
  if (!param) return true;
  follow(param.fwspec);
  follow(param.priv);
  follow(param.iommu_dev);
  return true;
}

/** Promise 1: no live object links to dead memory. */
export function links_are_live(): bool {
  return for_all(follow_links);
}
