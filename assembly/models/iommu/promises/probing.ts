// Promises 2, 7 and 12 of designs.md section 11: who is probed and released when, why a registration fails, and warnings.
import { Ghost, invariantNow } from 'heddle';
import { ENODEV } from '../errno';
import { iommu_ops } from '../iommu-ops';
import { Device, iommu_group } from '../objects';
import { digest_of_probed } from './ids';
import { bit_of_task, is_excused_in, Past } from './history';

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

/** What a registration meets: an error, and whose it is, as bit_of_task() says. */
const met_error = new Ghost();
const met_by = new Ghost();

function a_registration_meets(error: i32): void {
  met_error.set(error);
  met_by.set(bit_of_task());
}

/** The walk of a registration meets this error at a device. */
export function registration_fails_at(dev: Device, error: i32): void {
  a_registration_meets(error);
  invariantNow('7: a registration fails only for an error of a driver', is_an_error_of_the_driver, dev);
}

/** It meets it at the default domain of a group. */
export function registration_fails_at_group(group: iommu_group, error: i32): void {
  a_registration_meets(error);
  invariantNow('7: a registration fails only for an error of a driver', a_member_has_an_error, group);
}

function is_an_error_of_the_driver(dev: Device): bool {
  return met_error.get() != -ENODEV && explains_the_error(dev);
}

/** The device's driver has returned it, or it was injected in the task that registers. */
function explains_the_error(dev: Device): bool {
  const history = dev.history;
  return is_excused_in(history, met_by.get()) || history.get(Past.callback_error) == met_error.get();
}

function a_member_has_an_error(group: iommu_group): bool {
  for (let member = group.devices.first(); member; member = group.devices.next(member)) {
    if (explains_the_error(member.dev)) return true;
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

/** 2.9: the members should translate through the default domain again, and do not. */
export function warn_of_failed_return(group: iommu_group): void {
  invariantNow('12: a return to the default domain fails', a_member_is_excused, group);
}

/** An injected error of an attach excuses its callers. */
function a_member_is_excused(group: iommu_group): bool {
  for (let member = group.devices.first(); member; member = group.devices.next(member)) {
    if (member.dev.history.get(Past.attach_excused) != 0) return true;
  }
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
