// Groups, their default domain and its users: designs.md 2.4 step 5, 2.5, 2.6.
import { count, fault, free, invariantNow } from 'heddle';
import { chosen } from './designs/chosen';
import { EBUSY, ENOMEM, ERR_PTR, IS_ERR } from './errno';
import { dev_iommu_ops } from './iommu-core';
import { Device, DomainType, group_device, iommu_device, iommu_domain, iommu_group } from './objects';
import { faults } from './options';
import { driver_is_counted } from './promises/bind';
import { hidden, Past } from './promises/history';
import { group_is_created } from './promises/locks';
import { has_no_domains, warn } from './promises/probing';
import { attach_begins, attach_ends, attach_is_excused } from './promises/translation';
import { kernfs_drain } from './sysfs-type';

/** Cost of the designs: before each group->mutex.lock(). */
export function count_group_lock(): void {
  count('group lock acquisitions');
}

/** 2.5: a new group, or an error (ERR_PTR). The reference that it is born with goes to the caller. */
export function iommu_group_alloc(dev: Device): iommu_group {
  if (faults() && fault('no memory for a group') && dev.excuse()) return ERR_PTR<iommu_group>(-ENOMEM);
  const group = new iommu_group();
  group_is_created(group);
  return group;
}

/** 2.5: a group of its own. */
export function generic_device_group(dev: Device): iommu_group {
  return iommu_group_alloc(dev);
}

/** 2.5: one group an instance, which keeps a reference: check, then create; the probe mutex is held (v6.1: nothing is). */
export function generic_single_device_group(dev: Device, iommu: iommu_device): iommu_group {
  if (!iommu.singleton_group) {
    const group = iommu_group_alloc(dev);
    if (IS_ERR(group)) return group;
    iommu.singleton_group = group;
  }
  return iommu_group_ref_get(iommu.singleton_group!);
}

/** 2.4: an instance that is unregistered gives up its group. */
export function iommu_put_singleton_group(iommu: iommu_device): void {
  const group = iommu.singleton_group;
  if (!group) return;
  iommu.singleton_group = null;
  iommu_group_put(group);
}

/** Section 0: one more reference to a group that the caller knows. */
export function iommu_group_ref_get(group: iommu_group): iommu_group {
  group.devices_kobj.get();
  return group;
}

/** Section 0: the pointer is read without a lock, then a reference taken. */
export function iommu_group_get(dev: Device): iommu_group | null {
  const group = dev.iommu_group;
  if (group) group.devices_kobj.get();
  return group;
}

/** Section 0: the last reference frees the group, and 2.4 step 6 its domains with it. */
export function iommu_group_put(group: iommu_group): void {
  if (!group.devices_kobj.put()) return;
  kernfs_drain();
  if (!chosen.frees_domains_with_group()) invariantNow('12: no domain is left in a freed group', has_no_domains, group);
  free_domains(group);
  free(group.devices_kobj);
  free(group.devices);
  free(group.mutex);
  free(group);
}

/** 2.4 step 6: the default and the blocking domain. */
function free_domains(group: iommu_group): void {
  const default_domain = group.default_domain;
  if (default_domain) iommu_domain_free(default_domain);
  const blocking_domain = group.blocking_domain;
  if (blocking_domain) iommu_domain_free(blocking_domain);
}

/** 2.4 step 6: the domains of a group that has lost its last member. */
export function iommu_group_free_domains(group: iommu_group): void {
  free_domains(group);
  group.default_domain = null;
  group.blocking_domain = null;
  group.domain = null;
}

/** 2.6, 2.4 step 6: a domain and what is mapped in it. */
export function iommu_domain_free(domain: iommu_domain): void {
  free(domain.mappings);
  free(domain);
}

/** Section 11: an injected error concerns the whole group. */
function excuse_members(group: iommu_group): bool {
  for (let member = group.devices.first(); member; member = group.devices.next(member)) member.dev.excuse();
  return true;
}

/** 2.6: a domain of this type for the members of a group, in the driver of one of them; null if there is no memory. */
export function iommu_domain_alloc(group: iommu_group, dev: Device, type: DomainType): iommu_domain | null {
  if (faults() && fault('no memory for a domain') && excuse_members(group)) return null;
  return new iommu_domain(type, dev_iommu_ops(dev));
}

/** 2.6: the regions that firmware wants mapped one to one, before the device is attached. */
export function iommu_create_device_direct_mappings(domain: iommu_domain, dev: Device): void {
  const regions = dev_iommu_ops(dev).direct_regions(dev);
  if (regions == 0 || domain.type != DomainType.dma) return;
  domain.mappings.add(regions);
  dev.history.set(Past.direct_mapped_in, hidden(domain));
}

/** 2.6, attaching one device; group->mutex held. */
export function __iommu_device_set_domain(group: iommu_group, dev: Device, domain: iommu_domain): i32 {
  if (dev.iommu!.attach_deferred) {
    if (domain == group.default_domain) return 0;
    dev.iommu!.attach_deferred = false;
  }
  return __iommu_attach_device(domain, dev);
}

/** 2.6: the driver's callback, with what the promises need to know of it. */
export function call_attach_dev(domain: iommu_domain, dev: Device): i32 {
  if (faults() && fault('attach_dev fails') && dev.excuse()) {
    attach_is_excused(dev);
    return -ENOMEM;
  }
  attach_begins(dev);
  const ret = domain.ops.attach_dev(domain, dev);
  attach_ends(dev, domain, ret);
  return ret;
}

/** 2.6: a success of the driver's callback ends the deferral. */
export function __iommu_attach_device(domain: iommu_domain, dev: Device): i32 {
  const ret = call_attach_dev(domain, dev);
  if (ret == 0) dev.iommu!.attach_deferred = false;
  return ret;
}

/** 2.6: what the members want. */
export function iommu_get_default_domain_type(group: iommu_group): DomainType {
  let type = DomainType.none;
  for (let member = group.devices.first(); member; member = group.devices.next(member)) {
    const wanted = dev_iommu_ops(member.dev).def_domain_type(member.dev);
    if (wanted == DomainType.none) continue;
    if (type != DomainType.none && type != wanted) return chosen.type_for_conflict();
    type = wanted;
  }
  return type == DomainType.none ? DomainType.dma : type;
}

/** 2.6, 2.9: every member gets the domain; group->mutex held. All are tried, the first error is the result. */
export function __iommu_group_set_domain(group: iommu_group, domain: iommu_domain): i32 {
  let ret = 0;
  for (let member = group.devices.first(); member; member = group.devices.next(member)) {
    const error = __iommu_device_set_domain(group, member.dev, domain);
    if (ret == 0) ret = error;
  }
  group.domain = domain;
  return ret;
}

/** 2.6; group->mutex held. Of a first attach that fails, the domain stays recorded; of a later one, everything goes back. */
export function iommu_setup_default_domain(group: iommu_group): i32 {
  return iommu_change_default_domain(group, iommu_get_default_domain_type(group));
}

/** 2.6 and E9: the default domain becomes one of this type; group->mutex held. */
export function iommu_change_default_domain(group: iommu_group, type: DomainType): i32 {
  const old = group.default_domain;
  if (old && old.type == type) return 0;
  const domain = iommu_domain_alloc(group, group.devices.first()!.dev, type);
  if (!domain) return -ENOMEM;
  for (let member = group.devices.first(); member; member = group.devices.next(member)) {
    iommu_create_device_direct_mappings(domain, member.dev);
  }
  group.default_domain = domain;
  const ret = __iommu_group_set_domain(group, domain);
  if (!old) return ret;
  if (ret == 0) {
    iommu_domain_free(old);
    return 0;
  }
  group.default_domain = old;
  __iommu_group_set_domain(group, old);
  iommu_domain_free(domain);
  return ret;
}

/** 2.6: may one more driver leave DMA to the core? group->mutex held. */
export function use_default_domain(group: iommu_group): i32 {
  if (group.owner_cnt > 0 && (group.owner_of_dma != 0 || group.domain != group.default_domain)) return -EBUSY;
  group.owner_cnt += 1;
  return 0;
}

/** 2.6: one such driver less; group->mutex held. */
export function unuse_default_domain(group: iommu_group): void {
  const owner_cnt = group.owner_cnt;
  if (owner_cnt != 0) group.owner_cnt = owner_cnt - 1;
  else warn('12: owner_cnt is 0 already');
}

/** 2.6: a driver that leaves DMA to the core is about to be probed. */
export function iommu_device_use_default_domain(dev: Device): i32 {
  const group = iommu_group_get(dev);
  if (!group) return 0;
  count_group_lock();
  group.mutex.lock();
  const ret = use_default_domain(group);
  group.mutex.unlock();
  driver_is_counted(dev, ret);
  iommu_group_put(group);
  return ret;
}

/** 2.6: its counterpart. */
export function iommu_device_unuse_default_domain(dev: Device): void {
  const group = iommu_group_get(dev);
  if (!group) return;
  count_group_lock();
  group.mutex.lock();
  unuse_default_domain(group);
  dev.history.set(Past.counted, 0);
  group.mutex.unlock();
  iommu_group_put(group);
}

/** 2.4 step 5: the list node and the sysfs links; null if there is no memory. */
export function iommu_group_alloc_device(dev: Device): group_device | null {
  if (faults() && fault('no memory for a member of a group') && dev.excuse()) return null;
  return new group_device(dev);
}

/** 2.4 step 5: one more member; group->mutex held. */
export function iommu_group_add_member(group: iommu_group, member: group_device): void {
  group.devices.addTail(member);
}

/** 2.4 step 6, 2.7: the member of a device, taken off the group; group->mutex held. */
export function iommu_group_take_member(group: iommu_group, dev: Device): group_device | null {
  let member = group.devices.first();
  while (member && member.dev != dev) member = group.devices.next(member);
  if (member) group.devices.del(member);
  return member;
}

/** 2.4 step 6, 2.7: the same, and freed. */
export function iommu_group_remove_member(group: iommu_group, dev: Device): void {
  const member = iommu_group_take_member(group, dev);
  if (member) free(member);
}
