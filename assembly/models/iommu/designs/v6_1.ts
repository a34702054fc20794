// D0a of designs.md, section 2.8: no mutex around the probe of a device; tests of dev->iommu_group without a lock stand in for it.
import { free, List, Mutex } from 'heddle';
import { EINVAL, ENODEV, ENOMEM, IS_ERR, PTR_ERR } from '../errno';
import { dev_iommu_free, dev_iommu_get } from '../fwspec';
import {
  __iommu_attach_device,
  count_group_lock,
  iommu_create_device_direct_mappings,
  iommu_domain_alloc,
  iommu_get_default_domain_type,
  iommu_group_add_member,
  iommu_group_alloc_device,
  iommu_group_get,
  iommu_group_put,
  iommu_group_ref_get,
  iommu_group_take_member,
} from '../group';
import {
  call_device_group,
  call_probe_device,
  dev_iommu_ops,
  give_back,
  iommu_device_link,
  iommu_device_unlink,
  iommu_probe_finalize,
  release_probed,
} from '../iommu-core';
import { iommu_ops } from '../iommu-ops';
import { module_get } from '../module';
import { Device, DomainType, group_device, iommu_group } from '../objects';
import { kdump } from '../options';
import { device_is_released } from '../promises/translation';
import { Design } from './base';

/** 2.8: the attach of one device, unless it is deferred. */
function attach_unless_deferred(group: iommu_group, dev: Device): i32 {
  return dev.iommu!.attach_deferred ? 0 : __iommu_attach_device(group.default_domain!, dev);
}

/** 2.8 step 6, undone. */
function undo_group_add(group: iommu_group, member: group_device, dev: Device): void {
  dev.iommu_group = null;
  count_group_lock();
  group.mutex.lock();
  group.devices.del(member);
  group.mutex.unlock();
  free(member);
  iommu_group_put(group);
}

/** 2.8 step 6: the device joins a group that is new to it. */
function iommu_group_add_device(group: iommu_group, dev: Device): i32 {
  const member = iommu_group_alloc_device(dev);
  if (!member) return -ENOMEM;
  iommu_group_ref_get(group);
  dev.iommu_group = group;
  let ret = 0;
  count_group_lock();
  group.mutex.lock();
  iommu_group_add_member(group, member);
  const domain = group.domain;
  if (domain && !dev.iommu!.attach_deferred) ret = __iommu_attach_device(domain, dev);
  group.mutex.unlock();
  if (ret != 0) undo_group_add(group, member, dev);
  return ret;
}

/** 2.8 step 6: the group that the device is in already, or the one that its driver finds. With a reference, or an error (ERR_PTR). */
function iommu_group_get_for_dev(dev: Device, ops: iommu_ops): iommu_group {
  const present = iommu_group_get(dev);
  if (present) return present;
  const group = call_device_group(dev, ops);
  if (IS_ERR(group)) return group;
  const ret = iommu_group_add_device(group, dev);
  if (ret == 0) return group;
  iommu_group_put(group);
  return changetype<iommu_group>(ret as usize);
}

/** 2.8, steps 1 to 9. */
function __iommu_probe_device(dev: Device, group_list: List<iommu_group> | null): i32 {
  const ops = dev.bus.iommu_ops;
  if (!ops) return -ENODEV;
  if (!dev_iommu_get(dev)) return -ENOMEM;
  if (!module_get(dev, ops)) {
    dev_iommu_free(dev);
    return -EINVAL;
  }
  const iommu_dev = call_probe_device(dev, ops, null);
  if (IS_ERR(iommu_dev)) {
    give_back(dev, ops);
    return PTR_ERR(iommu_dev);
  }
  dev.iommu!.iommu_dev = iommu_dev;
  if (kdump()) dev.iommu!.attach_deferred = true;
  const group = iommu_group_get_for_dev(dev, ops);
  if (IS_ERR(group)) {
    release_probed(dev, ops);
    give_back(dev, ops);
    return PTR_ERR(group);
  }
  iommu_group_put(group);
  if (group_list && !group.default_domain && !group.isListed()) group_list.addTail(group);
  iommu_device_link(dev);
  return 0;
}

/** 2.8: a default domain of this type; without memory for it there is none. */
function iommu_group_alloc_default_domain(group: iommu_group, dev: Device, type: DomainType): void {
  const domain = iommu_domain_alloc(group, dev, type);
  if (!domain) return;
  group.default_domain = domain;
  if (!group.domain) group.domain = domain;
}

/** 2.8, iommu_probe_device: the group's default domain, and the device in it; group->mutex held. */
function enter_default_domain(group: iommu_group, dev: Device): i32 {
  if (!group.default_domain) {
    const wanted = dev_iommu_ops(dev).def_domain_type(dev);
    iommu_group_alloc_default_domain(group, dev, wanted == DomainType.none ? DomainType.dma : wanted);
  }
  if (group.default_domain && group.owner_of_dma == 0) {
    const ret = attach_unless_deferred(group, dev);
    if (ret != 0) return ret;
  }
  const domain = group.default_domain;
  if (domain) iommu_create_device_direct_mappings(domain, dev);
  return 0;
}

/** 2.8, bus_iommu_probe: the default domain of a group that the walk has found; group->mutex held. */
function first_attach(group: iommu_group): i32 {
  const devices = group.devices;
  const first = devices.first();
  if (first) iommu_group_alloc_default_domain(group, first.dev, iommu_get_default_domain_type(group));
  const domain = group.default_domain;
  if (!domain) return 0;
  for (let member = devices.first(); member; member = devices.next(member)) {
    iommu_create_device_direct_mappings(domain, member.dev);
  }
  for (let member = devices.first(); member; member = devices.next(member)) {
    const ret = attach_unless_deferred(group, member.dev);
    if (ret != 0) return ret;
  }
  return 0;
}

@final
export class V6_1 extends Design {
  /** 2.8: no mutex at all. */
  override probe_mutex(): Mutex | null {
    return null;
  }
  /** 2.1 step 5: device_iommu_mapped. */
  override frees_domains_with_group(): bool {
    return true;
  }
  override wants_replay(dev: Device): bool {
    return dev.has_bus && dev.iommu_group == null;
  }

  /** 2.8: E1 and the replay of E5. */
  override iommu_probe_device(dev: Device): i32 {
    let ret = __iommu_probe_device(dev, null);
    if (ret != 0) return ret;
    const group = iommu_group_get(dev);
    ret = -ENODEV;
    if (group) {
      count_group_lock();
      group.mutex.lock();
      ret = enter_default_domain(group, dev);
      group.mutex.unlock();
      iommu_group_put(group);
    }
    if (ret == 0) iommu_probe_finalize(dev);
    else this.iommu_release_device(dev);
    return ret;
  }

  /** 2.8: E3, one device of a walk. */
  override probe_iommu_group(dev: Device, group_list: List<iommu_group>): i32 {
    if (dev.iommu_group) return 0;
    const ret = __iommu_probe_device(dev, group_list);
    return ret == -ENODEV ? 0 : ret;
  }

  /** 2.8, after the walk. */
  override setup_walked_group(group: iommu_group, group_list: List<iommu_group>): i32 {
    group_list.del(group);
    count_group_lock();
    group.mutex.lock();
    const ret = first_attach(group);
    group.mutex.unlock();
    return ret;
  }

  /** 2.8: E2 and each device of E4, no lock but around the list of members. */
  override iommu_release_device(dev: Device): void {
    if (!dev.iommu) return;
    iommu_device_unlink(dev);
    const ops = dev.iommu!.iommu_dev!.ops!;
    release_probed(dev, ops);
    const group = dev.iommu_group;
    if (group) {
      count_group_lock();
      group.mutex.lock();
      const member = iommu_group_take_member(group, dev);
      group.mutex.unlock();
      if (member) free(member);
      dev.iommu_group = null;
      iommu_group_put(group);
    }
    give_back(dev, ops);
    device_is_released(dev);
  }

  /** E9. */
  override type_change_locks_device(): bool {
    return true;
  }
}
