// E10: VFIO and iommufd take a device's DMA into their own hands (designs.md 2.9).
import { fault } from 'heddle';
import { EBUSY, ENOMEM } from './errno';
import {
  __iommu_group_set_domain,
  count_group_lock,
  iommu_domain_alloc,
  iommu_group_get,
  iommu_group_put,
} from './group';
import { Device, DomainType, iommu_domain, iommu_group } from './objects';
import { faults } from './options';
import { warn_of_failed_return } from './promises/probing';
import { ownership_changes, ownership_has_changed } from './promises/translation';

/** 2.9: no DMA passes; made at the first claim. */
function __iommu_group_alloc_blocking_domain(group: iommu_group): i32 {
  if (group.blocking_domain) return 0;
  const domain = iommu_domain_alloc(group, group.devices.first()!.dev, DomainType.blocking);
  if (!domain) return -ENOMEM;
  group.blocking_domain = domain;
  return 0;
}

/** 2.9: the members go where they were before the claim. To a group that has no default domain yet there is nothing to attach. */
function leave_blocking_domain(group: iommu_group, domain: iommu_domain | null): i32 {
  if (domain) return __iommu_group_set_domain(group, domain);
  group.domain = null;
  return 0;
}

/** 2.9: all members are attached to the blocking domain. A failed attach puts them back. */
function enter_blocking_domain(group: iommu_group): i32 {
  const domain = group.domain;
  const ret = __iommu_group_set_domain(group, group.blocking_domain!);
  if (ret != 0) leave_blocking_domain(group, domain);
  return ret;
}

/** 2.9, nobody owns the group yet. One that has no domain yet may be claimed, one that has lost its members may not. */
function __iommu_take_dma_ownership(group: iommu_group, owner: usize): i32 {
  const domain = group.domain;
  if ((domain && domain != group.default_domain) || group.devices.empty()) return -EBUSY;
  let ret = __iommu_group_alloc_blocking_domain(group);
  if (ret != 0) return ret;
  ownership_changes(group);
  ret = enter_blocking_domain(group);
  ownership_has_changed(group);
  if (ret != 0) return ret;
  group.owner_of_dma = owner;
  group.owner_cnt += 1;
  return 0;
}

/** 2.9, claim. */
export function iommu_group_claim_dma_owner(group: iommu_group, owner: usize): i32 {
  let ret = 0;
  count_group_lock();
  group.mutex.lock();
  if (group.owner_cnt == 0) ret = __iommu_take_dma_ownership(group, owner);
  else if (group.owner_of_dma == owner) group.owner_cnt += 1;
  else ret = -EBUSY;
  group.mutex.unlock();
  return ret;
}

/** 2.9, release; group->mutex held. */
function __iommu_release_dma_ownership(group: iommu_group): void {
  if (group.owner_cnt > 1) {
    group.owner_cnt -= 1;
    return;
  }
  group.owner_cnt = 0;
  group.owner_of_dma = 0;
  ownership_changes(group);
  const ret = leave_blocking_domain(group, group.default_domain);
  ownership_has_changed(group);
  if (ret != 0) warn_of_failed_return(group);
}

/** 2.9, release. */
export function iommu_group_release_dma_owner(group: iommu_group): void {
  count_group_lock();
  group.mutex.lock();
  __iommu_release_dma_ownership(group);
  group.mutex.unlock();
}

/** 2.9, claim by the device: iommufd. */
export function iommu_device_claim_dma_owner(dev: Device, owner: usize): i32 {
  const group = iommu_group_get(dev);
  if (!group) return -EBUSY;
  const ret = iommu_group_claim_dma_owner(group, owner);
  iommu_group_put(group);
  return ret;
}

/** 2.9, release by the device. */
export function iommu_device_release_dma_owner(dev: Device): void {
  const group = iommu_group_get(dev);
  if (!group) return;
  iommu_group_release_dma_owner(group);
  iommu_group_put(group);
}
