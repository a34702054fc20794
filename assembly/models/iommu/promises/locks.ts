// Promise 10 of designs.md section 11: which lock protects what (section 0), for the lockset oracle; the executor checks the order of locks.
// Where section 0 says that readers take no lock, only the writers must. Of dev->iommu a second lock is said: S10 is whether device_lock could
// protect it, reads as well.
import { deviceLock, guardedField, guardedWrites, lockClass } from 'heddle';
import { chosen } from '../designs/chosen';
import { dev_iommu, Device, iommu_device, iommu_group } from '../objects';

const POINTER: i32 = 4;

/**
 * Section 0: dev->driver is written under device_lock; dev->iommu by the firmware path and the probe, under the probe mutex. Section 7, S10: is
 * there an access to dev->iommu without device_lock, in any design?
 */
export function device_is_created(dev: Device): void {
  deviceLock(dev.mutex); // a parent's is held while a child's is taken
  guardedWrites(dev, offsetof<Device>('driver'), dev.mutex);
  guardedField(dev, offsetof<Device>('iommu'), dev.mutex);
  const probe_mutex = chosen.probe_mutex();
  if (probe_mutex) guardedWrites(dev, offsetof<Device>('iommu'), probe_mutex);
}

/** Section 0: dev->iommu->fwspec, ->iommu_dev and ->priv, which lie side by side, are written under the probe mutex. */
export function dev_iommu_is_created(param: dev_iommu): void {
  const probe_mutex = chosen.probe_mutex();
  if (probe_mutex) guardedWrites(param, offsetof<dev_iommu>('fwspec'), probe_mutex, 3 * POINTER);
}

/** Section 0: group->mutex protects the group's domains, which some read without it (2.9, section 9), and who owns its DMA. */
export function group_is_created(group: iommu_group): void {
  lockClass(group.mutex, 'group->mutex');
  guardedWrites(group, offsetof<iommu_group>('default_domain'), group.mutex, 3 * POINTER);
  guardedField(group, offsetof<iommu_group>('owner_cnt'), group.mutex, 2 * POINTER);
}

/** Section 0, D4: the core writes the DMA mode of a member under group->mutex. */
export function member_has_mode(group: iommu_group, dev: Device): void {
  guardedWrites(dev, offsetof<Device>('dma_ops'), group.mutex);
}

/** 2.5: singleton_group is made under the probe mutex. */
export function instance_is_registered(iommu: iommu_device): void {
  const probe_mutex = chosen.probe_mutex();
  if (probe_mutex) guardedWrites(iommu, offsetof<iommu_device>('singleton_group'), probe_mutex);
}
