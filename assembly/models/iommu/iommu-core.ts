// Probing of devices by the IOMMU core, and their release: designs.md 2.4, 2.7. The designs differ in where the probe mutex is taken.
import { count, fault, List } from 'heddle';
import { chosen } from './designs/chosen';
import { EEXIST, EINVAL, ENODEV, ENOENT, ENOMEM, ERR_PTR, IS_ERR, PTR_ERR } from './errno';
import { dev_iommu_free, dev_iommu_get } from './fwspec';
import { iommu_fwspec_dealloc, iommu_fwspec_install } from './fwspec';
import {
  __iommu_device_set_domain,
  count_group_lock,
  iommu_create_device_direct_mappings,
  iommu_group_add_member,
  iommu_group_alloc_device,
  iommu_group_free_domains,
  iommu_group_put,
  iommu_group_remove_member,
  iommu_setup_default_domain,
} from './group';
import { iommu_ops } from './iommu-ops';
import { module_get, module_put } from './module';
import { Device, iommu_device, iommu_fwspec, iommu_group } from './objects';
import { faults, kdump } from './options';
import { pci_read_quirk } from './pci-scan';
import { iommu_probe_info } from './probe-info';
import {
  callback_has_failed,
  probe_device_begins,
  probe_device_has_claimed,
  release_device_begins,
  warn,
} from './promises/probing';
import { device_is_released } from './promises/translation';

/** Section 0. */
export function dev_iommu_ops(dev: Device): iommu_ops {
  return dev.iommu!.iommu_dev!.ops!;
}

/** 2.4 step 4 d: the sysfs link between instance and device; the device must have a directory. */
export function iommu_device_link(dev: Device): i32 {
  if (faults() && fault('no link between instance and device') && dev.excuse()) return -ENOMEM;
  if (!dev.registered) return -ENOENT;
  return dev.iommu_link.xchg(1) == 0 ? 0 : -EEXIST;
}

/** 2.4, failure of step 4 after (d), and step 6: the sysfs link goes. */
export function iommu_device_unlink(dev: Device): void {
  dev.iommu_link.store(0);
}

/** 2.4 step 4 c. */
export function call_probe_device(dev: Device, ops: iommu_ops, pinf: iommu_probe_info | null): iommu_device {
  count('probe_device calls');
  if (faults() && fault('probe_device fails') && dev.excuse()) return ERR_PTR<iommu_device>(-ENOMEM);
  probe_device_begins(dev);
  const iommu_dev = ops.probe_device(dev, pinf);
  if (IS_ERR(iommu_dev)) {
    callback_has_failed(dev, PTR_ERR(iommu_dev));
    return iommu_dev;
  }
  pci_read_quirk(dev);
  probe_device_has_claimed(dev, ops);
  return iommu_dev;
}

/** 2.4 step 4 e. */
export function call_device_group(dev: Device, ops: iommu_ops): iommu_group {
  if (faults() && fault('device_group fails') && dev.excuse()) return ERR_PTR<iommu_group>(-ENOMEM);
  const group = ops.device_group(dev);
  if (IS_ERR(group)) callback_has_failed(dev, PTR_ERR(group));
  return group;
}

/** 2.4, failure of step 4 after (c): what the driver has probed is released. */
export function release_probed(dev: Device, ops: iommu_ops): void {
  release_device_begins(dev);
  ops.release_device(dev);
}

/** 2.4, failure exit of step 4. */
export function give_back(dev: Device, ops: iommu_ops): void {
  module_put(ops);
  dev_iommu_free(dev);
}

/** 2.4 step 4; the probe mutex is held. Section 4.2: a fwspec that the caller brings is installed first. */
export function iommu_init_device(
  dev: Device,
  ops: iommu_ops,
  fwspec: iommu_fwspec | null,
  pinf: iommu_probe_info | null,
): i32 {
  if (!dev_iommu_get(dev)) {
    if (fwspec) iommu_fwspec_dealloc(fwspec);
    return -ENOMEM;
  }
  if (fwspec) iommu_fwspec_install(dev, fwspec);
  if (!module_get(dev, ops)) {
    dev_iommu_free(dev);
    return -EINVAL;
  }
  const iommu_dev = call_probe_device(dev, ops, pinf);
  if (IS_ERR(iommu_dev)) {
    give_back(dev, ops);
    return PTR_ERR(iommu_dev);
  }
  const ret = iommu_device_link(dev);
  if (ret != 0) {
    release_probed(dev, ops);
    give_back(dev, ops);
    return ret;
  }
  const group = call_device_group(dev, ops);
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
export function iommu_deinit_device(dev: Device, group: iommu_group): void {
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
  if (default_domain) iommu_create_device_direct_mappings(default_domain, dev);
  const domain = group.domain;
  if (domain) return __iommu_device_set_domain(group, dev, domain);
  if (default_domain) warn('12: a default domain is set but no domain');
  if (!group_list) return iommu_setup_default_domain(group);
  if (!group.isListed()) group_list.addTail(group);
  return 0;
}

/** 2.4 steps 5 and 6; the device has its group and its instance. */
export function join_group(dev: Device, group: iommu_group, group_list: List<iommu_group> | null): i32 {
  const member = iommu_group_alloc_device(dev);
  count_group_lock();
  group.mutex.lock();
  let ret = -ENOMEM;
  if (member) {
    iommu_group_add_member(group, member);
    ret = join_domain(dev, group, group_list);
    if (ret != 0) iommu_group_remove_member(group, dev);
    else chosen.member_has_joined(group, dev);
  }
  if (ret != 0) iommu_deinit_device(dev, group);
  group.mutex.unlock();
  return ret;
}

/**
 * 2.4. From the firmware path the designs without placeholders bring what they have found: a fwspec, which is the callee's from here on
 * (section 4), or a probe-info (section 5).
 */
export function __iommu_probe_device(
  dev: Device,
  group_list: List<iommu_group> | null,
  fwspec: iommu_fwspec | null,
  pinf: iommu_probe_info | null,
): i32 {
  const ops = chosen.ops_to_ask(dev, fwspec, pinf);
  if (IS_ERR(ops) || (!ops && chosen.knows_ops())) {
    if (fwspec) iommu_fwspec_dealloc(fwspec);
    return ops ? PTR_ERR(ops) : -ENODEV;
  }
  chosen.lock_in_probe();
  if (dev.iommu_group) {
    chosen.unlock_in_probe();
    if (fwspec) iommu_fwspec_dealloc(fwspec);
    return 0;
  }
  let ret = chosen.iommu_init_device(dev, ops, fwspec, pinf);
  if (ret != 0) {
    chosen.unlock_in_probe();
    return ret;
  }
  const group = dev.iommu_group!;
  ret = join_group(dev, group, group_list);
  chosen.unlock_in_probe();
  if (ret != 0) iommu_group_put(group);
  return ret;
}

/** 2.4: what follows a success runs without a lock. */
export function iommu_probe_finalize(dev: Device): void {
  dev_iommu_ops(dev).probe_finalize(dev);
}

/** 2.4: E1 and the replay of E5. */
export function iommu_probe_device(dev: Device): i32 {
  chosen.lock_for_probe();
  const ret = chosen.__iommu_probe_device(dev, null);
  chosen.unlock_for_probe();
  if (ret == 0) iommu_probe_finalize(dev);
  return ret;
}

/** 2.4: one device of a walk. */
export function probe_iommu_group(dev: Device, group_list: List<iommu_group>): i32 {
  chosen.lock_for_probe();
  const ret = chosen.__iommu_probe_device(dev, group_list);
  chosen.unlock_for_probe();
  return ret == -ENODEV ? 0 : ret;
}

/** 2.7: E2 and each device of E4. */
export function iommu_release_device(dev: Device): void {
  const group = dev.iommu_group;
  if (group) {
    count_group_lock();
    group.mutex.lock();
    iommu_group_remove_member(group, dev);
    if (group.devices.empty() && (group.owner_cnt != 0 || group.domain != group.default_domain))
      warn('12: a group is emptied while it is owned or off its default domain');
    const param = dev.iommu;
    if (param && param.iommu_dev) iommu_deinit_device(dev, group);
    else dev.iommu_group = null;
    group.mutex.unlock();
    iommu_group_put(group);
  }
  if (dev.iommu) dev_iommu_free(dev);
  device_is_released(dev);
}
