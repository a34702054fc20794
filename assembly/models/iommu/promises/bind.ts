// Promise 4 of designs.md section 11: what holds when a client driver's probe starts. Tested at that moment.
import { invariantNow } from 'heddle';
import { EBUSY } from '../errno';
import { Device, iommu_device } from '../objects';
import { give_up, late_quirk } from '../options';
import { digest_of_named, is_listed, is_served, named_instance, names, names_several, nr_named } from './firmware';
import { driver_has_begun } from './translation';
import { bind_has_no_excuse, Past } from './history';
import { claiming_ops, digest_of_kept, lacks_fwspec, nr_kept } from './ids';

/** Firmware names at most two instances for a device. */
const INSTANCES_MAX: i32 = 2;

/** A bind begins: which of the instances that firmware names are there? */
export function bind_begins(dev: Device): void {
  const history = dev.history;
  const n = min(nr_named(dev), INSTANCES_MAX);
  for (let k = 0; k < n; k++) history.set(Past.attendance + k, named_instance(dev, k).presence.get());
  bind_has_no_excuse(history);
  dev.excused.set(0);
  history.set(Past.turned_away, 0);
}

/** The driver's probe starts. */
export function bind_reaches_probe(dev: Device): void {
  invariantNow('', driver_has_begun, dev);
  if (nr_named(dev) == 0 || dev.history.get(Past.bind_excused) != 0) return;
  invariantNow(
    names_several(dev)
      ? '4: a bind waits for the instances that firmware names'
      : '4: a bind waits for the only instance that firmware names',
    has_waited,
    dev,
  );
  if (!is_promised(dev)) return;
  invariantNow('4: a device whose driver is probed is in a group', is_grouped, dev);
  invariantNow('4: a device whose driver is probed is claimed', is_claimed, dev);
  invariantNow(
    '4: a device whose driver is probed is claimed by an instance that firmware names',
    is_claimed_lawfully,
    dev,
  );
  invariantNow('4: a device whose driver is probed has a default domain', has_default_domain, dev);
  invariantNow('4: owner_cnt counts the driver that is probed', is_counted, dev);
  invariantNow('4: a device whose driver is probed has its fwspec', has_its_fwspec, dev);
  invariantNow('4: a device whose driver is probed has each ID once', has_no_id_twice, dev);
  invariantNow(
    names_several(dev)
      ? '4: a device whose driver is probed has the IDs that firmware gives'
      : '4: a device of one instance whose driver is probed has the IDs that firmware gives',
    has_its_ids,
    dev,
  );
  invariantNow('4: what probe_device read of the IDs is final', read_final_ids, dev);
  invariantNow('4: a device that was accepted for its priv had all its IDs', accepted_with_all_ids, dev);
  invariantNow('4: the property that probe_device read is final', read_final_quirk, dev);
}

/** Was the k-th instance there when the bind began, and did it stay? Or did it come meanwhile, so that the bind may have found it? */
function was_there(dev: Device, k: i32): bool {
  const before = dev.history.get(Past.attendance + k);
  return (before & 1) != 0;
}

function is_promised(dev: Device): bool {
  const n = min(nr_named(dev), INSTANCES_MAX);
  for (let k = 0; k < n; k++) {
    const np = named_instance(dev, k);
    if (!is_listed(np)) return false;
    if (was_there(dev, k) ? np.presence.get() != dev.history.get(Past.attendance + k) : give_up()) return false;
  }
  return true;
}

/** 2.2 step 2: with one instance that firmware has switched off the device has no IOMMU, so that there is nothing to wait for. */
function names_one_that_is_off(dev: Device): bool {
  const n = nr_named(dev);
  for (let k = 0; k < n; k++) if (named_instance(dev, k).disabled) return true;
  return false;
}

/** An instance that was absent when the bind began and still is has not been found: the bind should not have come this far. */
function has_waited(dev: Device): bool {
  if (give_up() || names_one_that_is_off(dev)) return true;
  const n = min(nr_named(dev), INSTANCES_MAX);
  for (let k = 0; k < n; k++) {
    const np = named_instance(dev, k);
    if (!was_there(dev, k) && np.presence.get() == dev.history.get(Past.attendance + k)) return false;
  }
  return true;
}

function is_grouped(dev: Device): bool {
  return dev.iommu_group != null;
}

function claimant(dev: Device): iommu_device | null {
  const param = dev.iommu;
  return param ? param.iommu_dev : null;
}

/** What is not in a group is told of by that promise alone. */
function is_claimed(dev: Device): bool {
  return !dev.iommu_group || claimant(dev) != null;
}

/** What nobody has claimed is told of by that promise alone. */
function is_claimed_lawfully(dev: Device): bool {
  const iommu_dev = claimant(dev);
  if (!dev.iommu_group || !iommu_dev) return true;
  const fwnode = iommu_dev.fwnode;
  return fwnode != null && names(dev, fwnode);
}

function has_default_domain(dev: Device): bool {
  const group = dev.iommu_group;
  return !group || group.default_domain != null;
}

function is_counted(dev: Device): bool {
  const group = dev.iommu_group;
  const drv = dev.driver;
  return !group || !drv || drv.driver_managed_dma || dev.history.get(Past.counted) != 0;
}

/** Promise 4, and "stay so while it is grouped": if its driver goes by the fwspec, there is one. */
export function has_its_fwspec(dev: Device): bool {
  return !dev.iommu_group || !lacks_fwspec(dev);
}

/** Promise 4, and "stay so while it is grouped": no more IDs than firmware gives (S7: of_xlate adds them again). */
export function has_no_id_twice(dev: Device): bool {
  return !dev.iommu_group || nr_kept(dev) <= nr_named(dev);
}

/** What is lost, or there twice, is told of by those promises alone. */
export function has_its_ids(dev: Device): bool {
  if (!dev.iommu_group) return true;
  const digest = digest_of_kept(dev);
  return digest == 0 || lacks_fwspec(dev) || !has_no_id_twice(dev) || digest == digest_of_named(dev, nr_named(dev));
}

function read_all_ids(dev: Device): bool {
  const digest = dev.history.get(Past.ids_read);
  return !dev.iommu_group || digest == 0 || digest == digest_of_named(dev, nr_named(dev));
}

function accepts_priv(dev: Device): bool {
  const ops = claiming_ops(dev);
  return ops != null && ops.accepts_priv();
}

function read_final_ids(dev: Device): bool {
  return accepts_priv(dev) || read_all_ids(dev);
}

/** The same of a driver that looks at nothing but priv (S9). */
function accepted_with_all_ids(dev: Device): bool {
  return !accepts_priv(dev) || read_all_ids(dev);
}

function read_final_quirk(dev: Device): bool {
  const pci = dev.pci;
  return !dev.iommu_group || !pci || !late_quirk() || pci.quirk_read.get() != 0;
}

/** Promise 4 at the end, for what stays: the IDs of a grouped device whose instances are all there. */
export function grouped_device_has_its_ids(dev: Device): bool {
  return !names_several(dev) || !is_served(dev) || has_its_ids(dev);
}

/** The same of a device of one instance. */
export function grouped_device_of_one_has_its_ids(dev: Device): bool {
  return names_several(dev) || !is_served(dev) || has_its_ids(dev);
}

/** The same of a device that a driver has accepted for its priv (S9). */
export function accepted_device_has_its_ids(dev: Device): bool {
  return !is_served(dev) || accepted_with_all_ids(dev);
}

/** The outcome of iommu_device_use_default_domain for a device in a group. */
export function driver_is_counted(dev: Device, ret: i32): void {
  dev.history.set(Past.counted, ret == 0 ? 1 : 0);
  dev.history.set(Past.turned_away, ret == -EBUSY ? 1 : 0);
}
