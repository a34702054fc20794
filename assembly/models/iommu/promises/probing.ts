// Promises 2, 7 and 12 of designs.md section 11: who is probed and released when, why a registration fails, and warnings.
import { invariantNow } from 'heddle';
import { ENODEV } from '../errno';
import { iommu_ops } from '../iommu-ops';
import { Device, iommu_group } from '../objects';
import { digest_of_probed } from './ids';
import { Past } from './history';

/** probe_device is about to be called. */
export function probe_device_begins(dev: Device): void {
  invariantNow('2: a device is probed once between two releases', is_not_probed, dev);
}

/** A callback of the driver has answered an error. */
export function callback_has_failed(dev: Device, error: i32): void {
  dev.history.set(Past.callback_error, error);
}

/** It has claimed the device. */
export function probe_device_has_claimed(dev: Device, ops: iommu_ops): void {
  dev.history.add(Past.probes, 1);
  dev.history.set(Past.probed_by, changetype<i32>(ops));
  invariantNow('2: a device is probed once between two releases', is_probed_once, dev);
  invariantNow('', remember_what_was_read, dev);
}

function is_not_probed(dev: Device): bool {
  return dev.history.get(Past.probes) == 0;
}

function is_probed_once(dev: Device): bool {
  return dev.history.get(Past.probes) == 1;
}

function remember_what_was_read(dev: Device): bool {
  const history = dev.history;
  history.set(Past.ids_read, digest_of_probed(dev, changetype<iommu_ops>(<usize>history.get(Past.probed_by))));
  history.set(Past.attached_to, 0);
  return true;
}

/** release_device is about to be called. */
export function release_device_begins(dev: Device): void {
  invariantNow('2: only a device that was probed is released', is_probed, dev);
  dev.history.add(Past.probes, -1);
}

function is_probed(dev: Device): bool {
  return dev.history.get(Past.probes) > 0;
}

// ---- why a registration fails (7) ----

/** The walk of a registration meets this error at a device. */
export function registration_fails_at(dev: Device, error: i32): void {
  dev.history.set(Past.registration_error, error);
  invariantNow('7: a registration fails only for an error of a driver', is_an_error_of_the_driver, dev);
}

/** It meets it at the default domain of a group. */
export function registration_fails_at_group(group: iommu_group): void {
  invariantNow('7: a registration fails only for an error of a driver', a_member_has_an_error, group);
}

function is_an_error_of_the_driver(dev: Device): bool {
  const history = dev.history;
  const error = history.get(Past.registration_error);
  return dev.excused.get() != 0 || (error != -ENODEV && error == history.get(Past.callback_error));
}

function a_member_has_an_error(group: iommu_group): bool {
  for (let member = group.devices.first(); member; member = group.devices.next(member)) {
    const dev = member.dev;
    if (dev.excused.get() != 0 || dev.history.get(Past.callback_error) != 0) return true;
  }
  return false;
}

// ---- warnings (12) ----

/** A warning of the kernel that the interface promises never to give. */
export function warn(name: string): void {
  invariantNow(name, never, 0);
}

function never(argument: i32): bool {
  return false;
}

/** Of a group that nobody refers to any more. */
export function has_no_domains(group: iommu_group): bool {
  return !group.default_domain && !group.blocking_domain;
}

/** v6.15's warning (section 6 step 4 d) tells of a driver that configures DMA outside a bus method (E6), and of nothing else. */
export function warn_of_late_probe(dev: Device): void {
  invariantNow('12: v6.15 warns of a late probe only where dma_configure is open-coded', is_open_coded, dev);
}

function is_open_coded(dev: Device): bool {
  return dev.history.get(Past.open_coded) != 0;
}
