// Promise 6 of designs.md section 11: the groups that probing in the order of device_add would give, worked out from firmware, wiring and
// the ACS states of this moment. A device that is in no group does not count.
import { Grouping } from '../iommu-ops';
import { fsl_mc_bus } from '../buses/fsl-mc';
import { Device } from '../objects';
import { pci_acs_enabled, pci_dev } from '../pci-device';
import { each_device } from './devices';
import { named_id, named_instance, nr_named } from './firmware';
import { claiming_ops } from './ids';
import { Past, was_ever_excused } from './history';

/** The device that was added first of those with which this one is to share a group. */
export function leader(dev: Device): Device {
  let first = dev;
  while (true) {
    const earlier = one_earlier(first);
    if (!earlier) return first;
    first = earlier;
  }
}

/** Did an injected error keep the device, or one through which its group is found, from being probed in time? */
export function order_was_disturbed(dev: Device): bool {
  for (let at: Device | null = dev; at; at = one_earlier(at)) if (was_ever_excused(at.history)) return true;
  return false;
}

/** A device that was added before this one and whose group it is to join. */
function one_earlier(dev: Device): Device | null {
  const ops = claiming_ops(dev);
  const by = ops ? ops.groups_by() : Grouping.stream;
  if (by == Grouping.device) return null;
  if (by != Grouping.bus) {
    const earlier = by == Grouping.instance ? earlier_of(dev, same_instance) : earlier_of(dev, share_a_stream);
    if (earlier || by != Grouping.stream) return earlier;
  }
  const pci = dev.pci;
  return pci ? pci_neighbour(dev, pci) : container(dev);
}

function was_before(a: Device, b: Device): bool {
  return a.iommu_group != null && a.history.get(Past.added) < b.history.get(Past.added);
}

/** The first of the devices that were added before this one and are related to it. */
function earlier_of(dev: Device, related: (a: Device, b: Device) => bool): Device | null {
  for (let i = 0, other = each_device(0); other; other = each_device(++i)) {
    if (was_before(other, dev) && related(other, dev)) return other;
  }
  return null;
}

function same_instance(a: Device, b: Device): bool {
  return nr_named(a) != 0 && nr_named(b) != 0 && named_instance(a, 0) == named_instance(b, 0);
}

function share_a_stream(a: Device, b: Device): bool {
  const n = nr_named(a);
  const m = nr_named(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < m; k++) {
      if (named_instance(a, i) == named_instance(b, k) && named_id(a, i) == named_id(b, k)) return true;
    }
  }
  return false;
}

/** 2.5, fsl_mc_device_group: the container is a group for all that it contains. */
function container(dev: Device): Device | null {
  const bus = dev.bus;
  if (!(bus instanceof fsl_mc_bus)) return null;
  const root = (bus as fsl_mc_bus).container;
  return root && root != dev && was_before(root, dev) ? root : null;
}

/** 2.5, pci_device_group: a bridge further up whose ID the device's DMA may bear. */
function aliasing_bridge(dev: Device, pci: pci_dev): Device | null {
  const alias = pci.position.alias;
  let bridge = pci.position.upstream;
  while (bridge) {
    const above = bridge.dev;
    if (above && bridge.requester_id == alias && was_before(above, dev)) return above;
    bridge = bridge.upstream;
  }
  return null;
}

/** 2.5, pci_device_group: else upwards through bridges that do not isolate, then beside where that ends. */
function pci_neighbour(dev: Device, pci: pci_dev): Device | null {
  const aliasing = aliasing_bridge(dev, pci);
  if (aliasing) return aliasing;
  let top = pci;
  let bridge = pci.position.upstream;
  while (bridge) {
    const above = bridge.dev!;
    if (pci_acs_enabled(above.pci!)) break;
    if (was_before(above, dev)) return above;
    top = above.pci!;
    bridge = bridge.upstream;
  }
  const aliased = beside(dev, top, are_aliases);
  return aliased ? aliased : beside(dev, top, are_open_functions);
}

function are_aliases(a: pci_dev, b: pci_dev): bool {
  const p = a.position;
  const q = b.position;
  return p.upstream == q.upstream && (p.alias == q.requester_id || q.alias == p.requester_id);
}

/** Functions of one slot of which neither isolates. */
function are_open_functions(a: pci_dev, b: pci_dev): bool {
  const same_slot = a.position.upstream == b.position.upstream && a.position.slot == b.position.slot;
  return same_slot && !pci_acs_enabled(a) && !pci_acs_enabled(b);
}

function beside(dev: Device, top: pci_dev, related: (a: pci_dev, b: pci_dev) => bool): Device | null {
  for (let i = 0, other = each_device(0); other; other = each_device(++i)) {
    const theirs = other.pci;
    if (theirs && theirs != top && was_before(other, dev) && related(theirs, top)) return other;
  }
  return null;
}
