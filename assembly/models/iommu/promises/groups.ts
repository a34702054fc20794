// Promises 5, 6 and 11 of designs.md section 11: owners, members and default domains of groups, at quiescence.
import { Ghost, invariantNow } from 'heddle';
import { chosen } from '../designs/chosen';
import { iommu_device_list } from '../iommu-register';
import { host_bridge } from '../machine';
import { Device, DomainType, iommu_device, iommu_group } from '../objects';
import { acs } from '../options';
import { acs_is_requested } from '../pci-scan';
import { vfio_driver } from '../vfio-driver';
import { each_device, for_all } from './devices';
import { is_served, names, nr_named } from './firmware';
import { Past, was_ever_excused } from './history';
import { leader, order_was_disturbed } from './partition';

// ---- owner_cnt (5) ----

function owners(group: iommu_group): i32 {
  let drivers = 0;
  let claims = 0;
  for (let i = 0, dev = each_device(0); dev; dev = each_device(++i)) {
    if (dev.iommu_group != group || dev.bound.get() == 0) continue;
    const drv = dev.matching_driver!;
    if (drv instanceof vfio_driver) claims += (drv as vfio_driver).claims();
    else if (!drv.driver_managed_dma) drivers += 1;
  }
  return group.owner_of_dma != 0 ? claims : drivers;
}

/** A bus that does not configure DMA for its drivers counts none (section 1, host1x). */
function owner_cnt_is_right(dev: Device): bool {
  const group = dev.iommu_group;
  return !group || group.owner_cnt == owners(group);
}

/** Promise 5, at quiescence. */
export function owner_cnt_counts(): bool {
  return for_all(owner_cnt_is_right);
}

// ---- members (6) ----

/** Does a registered node-less instance recognise the device? */
function recognising(dev: Device): iommu_device | null {
  for (let iommu = iommu_device_list.first(); iommu; iommu = iommu_device_list.next(iommu)) {
    const ops = iommu.ops;
    if (!iommu.fwnode && ops && ops.recognises(dev)) return iommu;
  }
  return null;
}

function belongs_in_a_group(dev: Device): bool {
  if (!dev.has_bus || !dev.registered) return false;
  return nr_named(dev) != 0 ? is_served(dev) : recognising(dev) != null;
}

/** Promise 6: whose instances are there is in a group. */
export function everyone_is_grouped(): bool {
  return for_all((dev) => dev.excused.get() != 0 || dev.iommu_group != null || !belongs_in_a_group(dev));
}

/** How many members the group has. */
export function members(group: iommu_group): i32 {
  let n = 0;
  for (let member = group.devices.first(); member; member = group.devices.next(member)) n += 1;
  return n;
}

function times_in(group: iommu_group, dev: Device): i32 {
  let n = 0;
  for (let member = group.devices.first(); member; member = group.devices.next(member)) if (member.dev == dev) n += 1;
  return n;
}

/** Once in its own group, and in no other device's. */
function is_in_one_group(dev: Device): bool {
  const group = dev.iommu_group;
  if (group && times_in(group, dev) != 1) return false;
  for (let i = 0, other = each_device(0); other; other = each_device(++i)) {
    const theirs = other.iommu_group;
    if (theirs && theirs != group && times_in(theirs, dev) != 0) return false;
  }
  return true;
}

/** Promise 6: membership and dev->iommu_group agree. */
export function nobody_is_in_two_groups(): bool {
  return for_all(is_in_one_group);
}

function shares_as_expected(dev: Device): bool {
  const group = dev.iommu_group;
  if (!group) return true;
  for (let i = 0, other = each_device(0); other; other = each_device(++i)) {
    const theirs = other.iommu_group;
    if (!theirs || other == dev || order_was_disturbed(other)) continue;
    if ((theirs == group) != (leader(other) == leader(dev))) return false;
  }
  return true;
}

/** Promise 6: the partition is that of probing in the order of device_add. */
export function groups_are_as_in_order_of_adding(): bool {
  return for_all((dev) => order_was_disturbed(dev) || shares_as_expected(dev));
}

/** Firmware names the instance for the device, or none, and a node-less instance recognises it. */
function is_claimed_by_who_may(dev: Device): bool {
  const param = dev.iommu;
  const iommu_dev = dev.iommu_group && param ? param.iommu_dev : null;
  if (!iommu_dev) return true;
  const fwnode = iommu_dev.fwnode;
  if (fwnode) return names(dev, fwnode);
  const ops = iommu_dev.ops;
  return nr_named(dev) == 0 && ops != null && ops.recognises(dev);
}

/** Promise 6: a device is claimed by an instance that firmware names or that serves its bus. */
export function claims_are_lawful(): bool {
  return for_all(is_claimed_by_who_may);
}

function has_acs(dev: Device): bool {
  const pci = dev.pci;
  return !pci || !pci.position.isolates || pci.acs_enabled;
}

/** Promise 6: ACS, with the option of that name. */
export function acs_is_on_where_it_must(): bool {
  if (!acs()) return true;
  if (host_bridge.nr_iommus == 0) return !acs_is_requested();
  return for_all(has_acs);
}

// ---- default domains (11) ----

/** The type that the members want who were on the bus when their instance registered; none: there is no such member. */
function expected_type(group: iommu_group): DomainType {
  let met = false;
  let type = DomainType.none;
  for (let member = group.devices.first(); member; member = group.devices.next(member)) {
    const dev = member.dev;
    if (dev.history.get(Past.met_registration) == 0) continue;
    met = true;
    const wanted = dev.of_node.wanted_domain;
    if (wanted == DomainType.none) continue;
    if (type != DomainType.none && type != wanted) return chosen.type_for_conflict();
    type = wanted;
  }
  return met && type == DomainType.none ? DomainType.dma : type;
}

function was_changed(group: iommu_group): bool {
  for (let member = group.devices.first(); member; member = group.devices.next(member)) {
    if (member.dev.history.get(Past.type_written) != 0 || was_ever_excused(member.dev.history)) return true;
  }
  return false;
}

function type_is_expected(dev: Device): bool {
  const group = dev.iommu_group;
  const domain = group ? group.default_domain : null;
  if (!group || !domain || was_changed(group)) return true;
  const type = expected_type(group);
  return type == DomainType.none || domain.type == type;
}

/** Promise 11: the types of default domains. */
export function default_domains_are_of_the_right_type(): bool {
  return for_all(type_is_expected);
}

// ---- what happens to devices and groups ----

const order = new Ghost();

/** device_add begins. */
export function device_is_added(dev: Device): void {
  order.add(1);
  dev.history.set(Past.added, order.get());
}

/** device_del has told everyone. */
export function device_is_removed(dev: Device): void {
  invariantNow('6: no removed device stays in a group', is_ungrouped, dev);
}

function is_ungrouped(dev: Device): bool {
  return !dev.iommu_group;
}

/** A user has chosen the type of the group's default domain (E9); group->mutex held. */
export function type_is_written(group: iommu_group): void {
  invariantNow('', remember_type_is_written, group);
}

function remember_type_is_written(group: iommu_group): bool {
  for (let member = group.devices.first(); member; member = group.devices.next(member)) {
    member.dev.history.set(Past.type_written, 1);
  }
  return true;
}
