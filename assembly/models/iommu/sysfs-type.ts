// E9: a user writes the type of a group's default domain to sysfs (designs.md section 1).
import { RwSem } from 'heddle';
import { chosen } from './designs/chosen';
import { EBUSY, EINVAL } from './errno';
import { count_group_lock, iommu_change_default_domain, iommu_get_default_domain_type } from './group';
import { Device, DomainType, iommu_group } from './objects';
import { type_is_written } from './promises/groups';

/** The file of a group is there as long as someone writes to it: who frees the group waits for them. */
const kernfs_active = new RwSem();

/** E9: for whoever has dropped the last reference to a group, before it is freed. */
export function kernfs_drain(): void {
  kernfs_active.downWrite();
  kernfs_active.upWrite();
}

/** E9; group->mutex held. `none` asks for what the drivers want. */
function change_type(group: iommu_group, type: DomainType): i32 {
  if (!group.default_domain || group.devices.empty()) return -EINVAL;
  if (group.owner_cnt != 0) return -EBUSY;
  const ret = iommu_change_default_domain(group, type == DomainType.none ? iommu_get_default_domain_type(group) : type);
  if (ret == 0) chosen.domain_has_changed(group);
  type_is_written(group);
  return ret;
}

/** E9: the group's mutex is held. */
function lock_and_change_type(group: iommu_group, type: DomainType): i32 {
  count_group_lock();
  group.mutex.lock();
  const ret = change_type(group, type);
  group.mutex.unlock();
  return ret;
}

/** E9, v6.1: only single-member groups. */
function has_one_member(group: iommu_group): bool {
  count_group_lock();
  group.mutex.lock();
  const first = group.devices.first();
  const one = first != null && !group.devices.next(first);
  group.mutex.unlock();
  return one;
}

/** E9, v6.1. */
function lock_device_and_change_type(dev: Device, group: iommu_group, type: DomainType): i32 {
  if (!has_one_member(group)) return -EINVAL;
  dev.mutex.lock();
  const ret = dev.driver ? -EBUSY : lock_and_change_type(group, type);
  dev.mutex.unlock();
  return ret;
}

/** E9. The group is that of the device of this moment. */
export function iommu_group_store_type(dev: Device, type: DomainType): void {
  kernfs_active.downRead();
  const group = dev.iommu_group;
  if (group) {
    if (chosen.type_change_locks_device()) lock_device_and_change_type(dev, group, type);
    else lock_and_change_type(group, type);
  }
  kernfs_active.upRead();
}
