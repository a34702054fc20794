// The driver profile `smmu` of designs.md section 10: registers last, finds its instance by the fwspec's node. What the profile
// `smmu-by-driver` does otherwise is a method.
import { check, fault, fixed, free, Mutex } from 'heddle';
import { chosen } from '../designs/chosen';
import { EINVAL, ENODEV, ENOMEM, ERR_PTR, IS_ERR } from '../errno';
import { dev_iommu_fwspec_for, probed_fwspec_get } from '../fwspec';
import { iommu_group_ref_get } from '../group';
import { iommu_ops } from '../iommu-ops';
import { platform_bus_type } from '../machine';
import { Device, device_node, driver_data, iommu_device, iommu_domain, iommu_fwspec, iommu_group } from '../objects';
import { faults } from '../options';
import { iommu_probe_info } from '../probe-info';
import { count_device_data, device_specifiers, fill_from_firmware, free_device_data } from './device-data';
import { fwspec_ops } from './device-data';
import { find_instance_by_fwnode } from './find-device';
import { iommu_driver, store_and_register } from './instance';

const STREAMS: i32 = 32;

/** An instance; drvdata of its hardware device. Of each stream it knows how many devices use it, and their group. */
@final
export class arm_smmu_device extends iommu_device {
  stream_mask: i32 = STREAMS - 1;
  private _users: StaticArray<i32> = new StaticArray<i32>(STREAMS);
  private _groups: StaticArray<usize> = new StaticArray<usize>(STREAMS);
  private _stream_map_mutex: Mutex = new Mutex();

  get users(): StaticArray<i32> {
    return fixed<StaticArray<i32>>(changetype<usize>(this), offsetof<arm_smmu_device>('_users'));
  }
  get groups(): StaticArray<usize> {
    return fixed<StaticArray<usize>>(changetype<usize>(this), offsetof<arm_smmu_device>('_groups'));
  }
  get stream_map_mutex(): Mutex {
    return fixed<Mutex>(changetype<usize>(this), offsetof<arm_smmu_device>('_stream_map_mutex'));
  }

  override free_record(): void {
    free(this.users);
    free(this.groups);
    free(this.stream_map_mutex);
    free(this);
  }
}

/** Per-device data; dev->iommu->priv. It keeps the IDs that probe_device has read. */
@final
export class arm_smmu_master extends device_specifiers {
  /** The instance that claims the device. */
  get smmu(): arm_smmu_device {
    return changetype<arm_smmu_device>(this.iommu);
  }
}

/** Section 10: the search among all devices of the bus. */
function arm_smmu_get_by_fwnode(fwnode: device_node): arm_smmu_device | null {
  return changetype<arm_smmu_device | null>(find_instance_by_fwnode(platform_bus_type.klist_devices, fwnode));
}

/** Section 10, probe_device: the data, or null if there is no memory. */
function new_master(dev: Device): arm_smmu_master | null {
  if (faults() && fault('no memory for the data of a device') && dev.excuse()) return null;
  count_device_data();
  return new arm_smmu_master();
}

/** Section 10, existing group of the same stream: one more device uses the streams. */
function arm_smmu_master_alloc_smes(smmu: arm_smmu_device, master: arm_smmu_master): void {
  smmu.stream_map_mutex.lock();
  for (let k = 0; k < master.num_ids; k++) smmu.users[master.get_id(k)] += 1;
  smmu.stream_map_mutex.unlock();
}

/** Section 10: one device less; a stream without any has no group. */
function arm_smmu_master_free_smes(smmu: arm_smmu_device, master: arm_smmu_master): void {
  smmu.stream_map_mutex.lock();
  for (let k = 0; k < master.num_ids; k++) {
    const id = master.get_id(k);
    const users = smmu.users[id] - 1;
    check(users >= 0, 'a stream has fewer users than devices');
    smmu.users[id] = users;
    if (users == 0) smmu.groups[id] = 0;
  }
  smmu.stream_map_mutex.unlock();
}

/** Section 10, probe_device with a fwspec: it must be the driver's own. */
function arm_smmu_probe_fwspec(dev: Device, ops: arm_smmu_ops_class): iommu_device {
  const fwspec = dev_iommu_fwspec_for(dev, ops);
  if (!fwspec) return ERR_PTR<iommu_device>(-ENODEV);
  const smmu = ops.find_instance(dev, fwspec.iommu_fwnode!);
  if (!smmu && ops.looks_at_the_result()) return ERR_PTR<iommu_device>(-ENODEV);
  const mask = smmu!.stream_mask;
  const master = new_master(dev);
  if (!master) return ERR_PTR<iommu_device>(-ENOMEM);
  const num_ids = fwspec.num_ids;
  for (let k = 0; k < num_ids; k++) {
    const id = fwspec.get_id(k);
    if (id <= mask && master.add_id(id)) continue;
    free_device_data(master);
    return ERR_PTR<iommu_device>(-EINVAL);
  }
  master.iommu = smmu;
  arm_smmu_master_alloc_smes(smmu!, master);
  dev.iommu!.priv = master;
  return smmu!;
}

/** Section 5 step 2: one specifier; its ID must be a stream's. */
function arm_smmu_xlate(iommu: iommu_device, id: i32, data: driver_data): i32 {
  return id < STREAMS && changetype<arm_smmu_master>(data).add_specifier(iommu, id) ? 0 : -EINVAL;
}

/** Section 5 step 2, probe_device: the users of the streams are counted before priv is set. */
function arm_smmu_probe_helper(dev: Device, pinf: iommu_probe_info, ops: iommu_ops): iommu_device {
  const master = new_master(dev);
  if (!master) return ERR_PTR<iommu_device>(-ENOMEM);
  const ret = fill_from_firmware(pinf, ops, arm_smmu_xlate, master);
  if (ret != 0) return ERR_PTR<iommu_device>(ret);
  const smmu = master.smmu;
  arm_smmu_master_alloc_smes(smmu, master);
  dev.iommu!.priv = master;
  return smmu;
}

/** Section 10, device_group: the group that the streams have, else what the bus says. */
function arm_smmu_device_group(dev: Device): iommu_group {
  const master = changetype<arm_smmu_master>(dev.iommu!.priv);
  const smmu = master.smmu;
  let known: usize = 0;
  smmu.stream_map_mutex.lock();
  for (let k = 0; k < master.num_ids; k++) {
    const group = smmu.groups[master.get_id(k)];
    if (group && known && group != known) {
      smmu.stream_map_mutex.unlock();
      return ERR_PTR<iommu_group>(-EINVAL);
    }
    if (group) known = group;
  }
  const group = known ? iommu_group_ref_get(changetype<iommu_group>(known)) : dev.bus.device_group(dev);
  if (!IS_ERR(group)) {
    for (let k = 0; k < master.num_ids; k++) smmu.groups[master.get_id(k)] = changetype<usize>(group);
  }
  smmu.stream_map_mutex.unlock();
  return group;
}

/** Section 10: attach_dev and release_device go through the fwspec's IDs. */
function use_ids(fwspec: iommu_fwspec): void {
  const num_ids = fwspec.num_ids;
  for (let k = 0; k < num_ids; k++) fwspec.get_id(k); // each selects an entry of the stream table
}

/** Section 10, release_device. */
function arm_smmu_release_device(dev: Device): void {
  if (!chosen.drivers_read_firmware()) use_ids(probed_fwspec_get(dev)!);
  const master = changetype<arm_smmu_master>(dev.iommu!.priv);
  arm_smmu_master_free_smes(master.smmu, master);
  free_device_data(master);
}

/** Section 10, attach_dev. */
function arm_smmu_attach_dev(domain: iommu_domain, dev: Device): i32 {
  if (!chosen.drivers_read_firmware()) {
    const fwspec = probed_fwspec_get(dev);
    if (!fwspec) return -ENODEV;
    use_ids(fwspec);
  }
  const master = changetype<arm_smmu_master | null>(dev.iommu!.priv);
  if (!master) return -ENODEV;
  master.domain = domain;
  return 0;
}

export class arm_smmu_ops_class extends fwspec_ops {
  /** Where the instance of a node is looked for. */
  find_instance(dev: Device, fwnode: device_node): arm_smmu_device | null {
    return arm_smmu_get_by_fwnode(fwnode);
  }
  /** Can the search fail, as far as the driver knows? */
  looks_at_the_result(): bool {
    return true;
  }

  probe_device(dev: Device, pinf: iommu_probe_info | null): iommu_device {
    return pinf ? arm_smmu_probe_helper(dev, pinf, this) : arm_smmu_probe_fwspec(dev, this);
  }
  release_device(dev: Device): void {
    arm_smmu_release_device(dev);
  }
  device_group(dev: Device): iommu_group {
    return arm_smmu_device_group(dev);
  }
  attach_dev(domain: iommu_domain, dev: Device): i32 {
    return arm_smmu_attach_dev(domain, dev);
  }
}

export const arm_smmu_ops = new arm_smmu_ops_class();

/** Section 10, own probe order: allocate, store drvdata, reset, register. */
export function arm_smmu_device_probe(dev: Device, ops: iommu_ops): i32 {
  if (faults() && fault('no memory for an instance') && dev.excuse()) return -ENOMEM;
  return store_and_register(dev, new arm_smmu_device(), ops, dev.of_node);
}

/** The platform driver of the instances. */
@final
export class arm_smmu_driver extends iommu_driver {
  probe(dev: Device): i32 {
    return arm_smmu_device_probe(dev, arm_smmu_ops);
  }
}
