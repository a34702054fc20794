// Promises 3 and 11 of designs.md section 11: through which domain and in which mode a device's DMA goes. Tested where either changes, and
// at quiescence.
import { invariantNow } from 'heddle';
import { Device, DmaMode, DomainType, iommu_domain, iommu_group } from '../objects';
import { each_device } from './devices';
import { hidden, Past } from './history';

/** The driver's probe starts: what it finds is what it may rely on. */
export function driver_has_begun(dev: Device): bool {
  const history = dev.history;
  history.set(Past.domain_at_probe, history.get(Past.attached_to));
  history.set(Past.mode_at_probe, dev.dma_ops);
  return true;
}

function driver_manages_dma(dev: Device): bool {
  const drv = dev.driver;
  return drv != null && drv.driver_managed_dma;
}

// ---- attach_dev ----

/** Around every call of attach_dev. */
export function attach_begins(dev: Device): void {
  invariantNow('3: attach callbacks of one group do not overlap', begins_alone, dev);
}

/** Instead of a call of it: an injected error. */
export function attach_is_excused(dev: Device): void {
  dev.history.set(Past.attach_excused, 1);
}

/** `ret` is what it answered. */
export function attach_ends(dev: Device, domain: iommu_domain, ret: i32): void {
  const history = dev.history;
  history.set(Past.attaching, 0);
  if (ret != 0) {
    history.set(Past.callback_error, ret);
    return;
  }
  history.set(Past.attached_to, hidden(domain));
  history.set(Past.attach_excused, 0);
  if (history.get(Past.own_request) != 0) history.set(Past.domain_at_probe, hidden(domain));
  invariantNow('3: the domain of a bound client changes only at its request', domain_is_as_found, dev);
  invariantNow(
    '3: the domain of a device that its driver manages changes only by a claim',
    managed_domain_is_claimed,
    dev,
  );
  invariantNow('3: the members of a group whose DMA has an owner stay blocked', owner_keeps_dma, dev);
  invariantNow('11: direct mappings are in the domain before the device is attached', is_direct_mapped, dev);
}

/** E10: a claim of the group's DMA, or the end of one, is about to change the members' domain; group->mutex held. */
export function ownership_changes(group: iommu_group): void {
  invariantNow('', change_begins, group);
}

/** E10: it has. */
export function ownership_has_changed(group: iommu_group): void {
  invariantNow('', change_ends, group);
}

function mark_members(group: iommu_group, changes: i32): bool {
  for (let member = group.devices.first(); member; member = group.devices.next(member)) {
    member.dev.history.set(Past.ownership_changes, changes);
  }
  return true;
}

function change_begins(group: iommu_group): bool {
  return mark_members(group, 1);
}

function change_ends(group: iommu_group): bool {
  return mark_members(group, 0);
}

function begins_alone(dev: Device): bool {
  const group = hidden(dev.iommu_group);
  let alone = true;
  for (let i = 0, other = each_device(0); other; other = each_device(++i)) {
    if (group != 0 && other.history.get(Past.attaching) == group) alone = false;
  }
  dev.history.set(Past.attaching, group);
  return alone;
}

function domain_is_as_found(dev: Device): bool {
  const history = dev.history;
  return (
    dev.bound.get() == 0 ||
    driver_manages_dma(dev) ||
    history.get(Past.attached_to) == history.get(Past.domain_at_probe)
  );
}

/** A driver that manages DMA itself asks for it by a claim of the group, and by the claim's end: while one of these runs. */
function managed_domain_is_claimed(dev: Device): bool {
  const history = dev.history;
  if (dev.bound.get() == 0 || !driver_manages_dma(dev)) return true;
  const attached_to = history.get(Past.attached_to);
  const holds = history.get(Past.ownership_changes) != 0 || attached_to == history.get(Past.domain_at_probe);
  history.set(Past.domain_at_probe, attached_to);
  return holds;
}

/** While the DMA of its group has an owner the device is attached to what blocks, and to nothing else. */
function owner_keeps_dma(dev: Device): bool {
  const group = dev.iommu_group;
  if (!group || group.owner_of_dma == 0) return true;
  return changetype<iommu_domain>(<usize>~dev.history.get(Past.attached_to)).type == DomainType.blocking;
}

function is_direct_mapped(dev: Device): bool {
  const domain = changetype<iommu_domain>(<usize>~dev.history.get(Past.attached_to));
  if (dev.of_node.direct_regions == 0 || domain.type != DomainType.dma) return true;
  return dev.history.get(Past.direct_mapped_in) == hidden(domain);
}

// ---- the DMA mode ----

/** After every store of the DMA mode. */
export function dma_mode_is_stored(dev: Device): void {
  invariantNow('3: the DMA mode of a bound client stays', mode_is_as_found, dev);
  invariantNow('3: the DMA mode is that of a domain', mode_fits, dev);
}

function mode_is_as_found(dev: Device): bool {
  return dev.bound.get() == 0 || dev.dma_ops == dev.history.get(Past.mode_at_probe);
}

/** Mode iommu implies a group with a domain of type DMA. While a claimer blocks the group, that is its default domain. */
export function mode_fits(dev: Device): bool {
  if (dev.dma_ops != DmaMode.iommu) return true;
  const group = dev.iommu_group;
  if (!group) return false;
  const present = group.domain;
  const domain = present && present.type == DomainType.blocking ? group.default_domain : present;
  return domain != null && domain.type == DomainType.dma;
}

/** The driver maps, in the mode of this moment. */
export function driver_maps(dev: Device, mode: DmaMode): void {
  dev.history.set(Past.mapped_in, mode);
}

/** The driver unmaps, in the mode of this moment. */
export function driver_unmaps(dev: Device): void {
  invariantNow('3: map and unmap use the same mode', unmaps_as_mapped, dev);
}

function unmaps_as_mapped(dev: Device): bool {
  return dev.history.get(Past.mapped_in) == dev.dma_ops;
}

/** After a release (2.7). Of a device that is being removed the mode does not matter any more. */
export function device_is_released(dev: Device): void {
  dev.history.set(Past.attached_to, 0);
  invariantNow('3: the DMA mode is that of a domain', mode_fits_or_is_over, dev);
}

function mode_fits_or_is_over(dev: Device): bool {
  return dev.dead || mode_fits(dev);
}

// ---- at quiescence ----

/** Promise 3, at quiescence: a member whose attach is not deferred translates through group->domain. */
export function translates_through_its_group(dev: Device): bool {
  const group = dev.iommu_group;
  if (!group || dev.history.get(Past.attach_excused) != 0 || !dev.iommu || dev.iommu!.attach_deferred) return true;
  return hidden(group.domain) == dev.history.get(Past.attached_to);
}
