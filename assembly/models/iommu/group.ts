// Groups, their default domain and its users: designs.md 2.4 step 5, 2.5, 2.6.
import { check, free } from 'heddle';
import { EBUSY } from './errno';
import { dev_iommu_ops } from './iommu-core';
import { Device, DomainType, group_device, iommu_domain, iommu_group } from './objects';

/** 2.5: a group of its own. The reference that it is born with goes to the caller. */
export function generic_device_group(dev: Device): iommu_group {
  return new iommu_group();
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
  iommu_group_free_domains(group);
  free(group.devices_kobj);
  free(group.devices);
  free(group.mutex);
  free(group);
}

/** 2.4 step 6: the domains of a group that has lost its last member. */
export function iommu_group_free_domains(group: iommu_group): void {
  const default_domain = group.default_domain;
  if (default_domain) iommu_domain_free(default_domain);
  const blocking_domain = group.blocking_domain;
  if (blocking_domain) iommu_domain_free(blocking_domain);
  group.default_domain = null;
  group.blocking_domain = null;
  group.domain = null;
}

function iommu_domain_free(domain: iommu_domain): void {
  free(domain.mappings);
  free(domain);
}

/** 2.6, attaching one device; group->mutex held. */
export function __iommu_device_set_domain(group: iommu_group, dev: Device, domain: iommu_domain): i32 {
  if (dev.iommu!.attach_deferred) {
    if (domain == group.default_domain) return 0;
    dev.iommu!.attach_deferred = false;
  }
  const ret = domain.ops.attach_dev(domain, dev);
  if (ret == 0) dev.iommu!.attach_deferred = false;
  return ret;
}

/** 2.6: what the members want; two different wishes give the global default. */
function iommu_get_default_domain_type(group: iommu_group): DomainType {
  let type = DomainType.none;
  for (let member = group.devices.first(); member; member = group.devices.next(member)) {
    const wanted = dev_iommu_ops(member.dev).def_domain_type(member.dev);
    if (wanted == DomainType.none) continue;
    if (type != DomainType.none && type != wanted) return DomainType.dma;
    type = wanted;
  }
  return type == DomainType.none ? DomainType.dma : type;
}

/** 2.6; group->mutex held. Of a first attach that fails, the domain stays recorded. */
export function iommu_setup_default_domain(group: iommu_group): i32 {
  const type = iommu_get_default_domain_type(group);
  const old = group.default_domain;
  if (old && old.type == type) return 0;
  const domain = new iommu_domain(type, dev_iommu_ops(group.devices.first()!.dev));
  group.default_domain = domain;
  let ret = 0;
  for (let member = group.devices.first(); member; member = group.devices.next(member)) {
    const error = __iommu_device_set_domain(group, member.dev, domain);
    if (ret == 0) ret = error;
  }
  group.domain = domain;
  if (old) iommu_domain_free(old);
  return ret;
}

/** 2.6: a driver that leaves DMA to the core is about to be probed. */
export function iommu_device_use_default_domain(dev: Device): i32 {
  const group = iommu_group_get(dev);
  if (!group) return 0;
  let ret = 0;
  group.mutex.lock();
  if (group.owner_cnt > 0 && (group.owner_of_dma != 0 || group.domain != group.default_domain)) ret = -EBUSY;
  else group.owner_cnt += 1;
  group.mutex.unlock();
  iommu_group_put(group);
  return ret;
}

/** 2.6: its counterpart. */
export function iommu_device_unuse_default_domain(dev: Device): void {
  const group = iommu_group_get(dev);
  if (!group) return;
  group.mutex.lock();
  const owner_cnt = group.owner_cnt;
  check(owner_cnt != 0, 'owner_cnt is 0');
  if (owner_cnt != 0) group.owner_cnt = owner_cnt - 1;
  group.mutex.unlock();
  iommu_group_put(group);
}

/** 2.4 step 5: one more member; group->mutex held. */
export function iommu_group_add_member(group: iommu_group, member: group_device): void {
  group.devices.addTail(member);
}

/** 2.4 step 6, 2.7: the member of a device, taken off the group; group->mutex held. */
export function iommu_group_remove_member(group: iommu_group, dev: Device): void {
  for (let member = group.devices.first(); member; member = group.devices.next(member)) {
    if (member.dev != dev) continue;
    group.devices.del(member);
    free(member);
    return;
  }
}
