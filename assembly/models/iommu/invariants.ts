// What the subsystem promises (designs.md section 11, whose numbers the names bear), as far as it can be seen when nothing runs any
// more. Memory (promise 1) is the executor's business, but for the ledger of references.
import { invariant } from 'heddle';
import { chosen } from './designs/chosen';
import { iommu_device_list } from './iommu-register';
import { client, CLIENTS, instance, INSTANCES } from './machine';
import { Device, device_node, DmaMode, DomainType, iommu_group } from './objects';
import { give_up } from './options';
import { arm_smmu_ops } from './profiles/smmu';

function registered(np: device_node): bool {
  for (let iommu = iommu_device_list.first(); iommu; iommu = iommu_device_list.next(iommu)) {
    if (iommu.fwnode == np) return true;
  }
  return false;
}

/** Is every instance that firmware names for the device registered? */
function served(dev: Device): bool {
  const np = dev.of_node;
  for (let k = 0; k < np.nr_iommus; k++) if (!registered(np.iommu(k))) return false;
  return true;
}

/** Is the device in its driver's hands, so that promise 4 holds for it? */
function promised(dev: Device): bool {
  return dev.bound.get() != 0 && dev.of_node.nr_iommus != 0 && served(dev) && !give_up();
}

function each_client(holds: (dev: Device) => bool): bool {
  for (let i = 0; i < CLIENTS; i++) {
    const dev = client(i);
    if (dev && !holds(dev)) return false;
  }
  return true;
}

function node_references(np: device_node): i32 {
  let n = 1;
  for (let i = 0; i < CLIENTS; i++) {
    const dev = client(i);
    const param = dev ? dev.iommu : null;
    if (param && param.fwspec && param.fwspec!.iommu_fwnode == np) n += 1;
  }
  return n;
}

/** Promise 1: references of nodes, modules and devices return to what is in use. */
function ledger_is_even(): bool {
  let claimed = 0;
  for (let i = 0; i < CLIENTS; i++) {
    const dev = client(i);
    if (!dev) continue;
    if (dev.iommu_group) claimed += 1;
    if (dev.kobj.value() != 2) return false; // whoever has added it, and its bus
  }
  for (let i = 0; i < INSTANCES; i++) {
    const dev = instance(i);
    if (!dev) continue;
    const np = dev.of_node;
    if (np.references.value() != node_references(np) || dev.kobj.value() != 2) return false;
  }
  return arm_smmu_ops.owner.value() == 1 + claimed;
}

/** Promise 2. */
function probed_at_most_once(): bool {
  return each_client((dev) => dev.probed_twice.get() == 0 && dev.probes.get() >= 0);
}

/** Promise 3: the mode in which the driver has mapped is the one that the hardware and the device still have. */
function translated_as_mapped(): bool {
  return each_client((dev) => {
    if (dev.bound.get() == 0) return true;
    const group = dev.iommu_group;
    const translated = group != null && group.domain != null && group.domain!.type == DomainType.dma;
    return dev.mapped.get() == dev.dma_ops && (dev.dma_ops == DmaMode.iommu) == translated;
  });
}

/** Promise 4. */
function bound_client_is_grouped(): bool {
  return each_client((dev) => {
    if (!promised(dev)) return true;
    const group = dev.iommu_group;
    if (!group || !group.default_domain || !dev.iommu) return false;
    const iommu = dev.iommu!.iommu_dev;
    return iommu != null && iommu.fwnode == dev.of_node.iommu(0);
  });
}

/** Do the IDs that the driver has read equal firmware's? */
function probed_ids_are_firmwares(dev: Device): bool {
  if (!dev.iommu || !dev.iommu!.iommu_dev) return false;
  const ops = dev.iommu!.iommu_dev!.ops!;
  if (!ops.keeps_ids()) return true;
  if (ops.nr_probed_ids(dev) != dev.of_node.nr_iommus) return false;
  for (let k = 0; k < dev.of_node.nr_iommus; k++) if (ops.probed_id(dev, k) != dev.of_node.id(k)) return false;
  return true;
}

/** Promise 4. */
function bound_client_has_its_ids(): bool {
  return each_client((dev) => {
    if (!promised(dev)) return true;
    if (chosen.drivers_read_firmware()) return probed_ids_are_firmwares(dev);
    const fwspec = dev.iommu ? dev.iommu!.fwspec : null;
    if (!fwspec || fwspec.num_ids != dev.of_node.nr_iommus) return false;
    for (let k = 0; k < fwspec.num_ids; k++) if (fwspec.get_id(k) != dev.of_node.id(k)) return false;
    return true;
  });
}

/** Promise 4: probe_device has seen all the IDs. */
function probe_read_final_ids(): bool {
  return each_client((dev) => {
    if (!promised(dev) || !dev.iommu_group) return true;
    return probed_ids_are_firmwares(dev);
  });
}

function drivers_that_count(group: iommu_group): i32 {
  let n = 0;
  for (let i = 0; i < CLIENTS; i++) {
    const dev = client(i);
    if (!dev || dev.iommu_group != group || dev.bound.get() == 0) continue;
    if (!dev.matching_driver!.driver_managed_dma) n += 1;
  }
  return n;
}

/** Promise 5. */
function owners_are_bound_drivers(): bool {
  return each_client((dev) => {
    const group = dev.iommu_group;
    return !group || group.owner_cnt == drivers_that_count(group);
  });
}

/** Promise 6: with or without a driver. */
function served_device_is_grouped(): bool {
  return each_client((dev) => dev.of_node.nr_iommus == 0 || !served(dev) || dev.iommu_group != null);
}

/** Promise 9. */
function served_device_is_bound(): bool {
  return each_client((dev) => dev.loaded.get() == 0 || !served(dev) || dev.bound.get() != 0);
}

export function register_invariants(): void {
  invariant('1: references return to what is in use', ledger_is_even);
  invariant('2: a device is probed once between two releases', probed_at_most_once);
  invariant('3: a bound client is translated as its driver has mapped', translated_as_mapped);
  invariant('4: a bound client is grouped, claimed and has a default domain', bound_client_is_grouped);
  invariant('4: a bound client has the IDs that firmware gives', bound_client_has_its_ids);
  invariant('4: what probe_device reads is final', probe_read_final_ids);
  invariant('5: owner_cnt counts the bound drivers', owners_are_bound_drivers);
  invariant('6: a device whose instances are registered is in a group', served_device_is_grouped);
  invariant('9: a device whose driver is loaded and whose instances are registered is bound', served_device_is_bound);
}
