// The driver profile `dart` of designs.md section 10 (apple-dart): of_xlate makes the per-device data, and probe_device looks at nothing else.
import { fault, fixed, List, Mutex } from 'heddle';
import { chosen } from '../designs/chosen';
import { EINVAL, ENODEV, ENOMEM, ERR_PTR } from '../errno';
import { generic_device_group, iommu_group_ref_get } from '../group';
import { Grouping } from '../iommu-ops';
import { Device, device_node, driver_data, iommu_device, iommu_domain, iommu_group } from '../objects';
import { faults } from '../options';
import { iommu_probe_info } from '../probe-info';
import { keeps_reference } from '../promises/references';
import { count_device_data, device_ids, fill_from_firmware, free_device_data, ids_ops } from './device-data';
import { of_find_device_by_node } from './find-device';
import { iommu_driver, store_and_register } from './instance';

/** An instance; drvdata of its hardware device. */
@final
export class apple_dart extends iommu_device {}

/** Per-device data; dev->iommu->priv. The streams in the order in which they were appended. */
@final
export class apple_dart_master_cfg extends device_ids {
  dart0: apple_dart | null = null;
  dart1: apple_dart | null = null;
  dart2: apple_dart | null = null;
  dart3: apple_dart | null = null;

  constructor(private _dev: Device) {
    super();
  }
  get dev(): Device {
    return fixed<Device>(changetype<usize>(this), offsetof<apple_dart_master_cfg>('_dev'));
  }
  /** The instance of the k-th stream, whose number is the k-th ID. */
  dart(k: i32): apple_dart {
    return load<apple_dart>(changetype<usize>(this) + ((<usize>k) << 2), offsetof<apple_dart_master_cfg>('dart0'));
  }
  /** One more stream; false if there are too many. */
  add_stream(dart: apple_dart, sid: i32): bool {
    const k = this.num_ids;
    if (k < 4)
      store<apple_dart>(changetype<usize>(this) + ((<usize>k) << 2), dart, offsetof<apple_dart_master_cfg>('dart0'));
    return this.add_id(sid);
  }
}

/** The devices that the driver has probed, from which groups are chosen, and the driver's lock for that. */
const masters = new List<apple_dart_master_cfg>();
const apple_dart_groups_lock = new Mutex();

/** Section 10, device_group: groups are found among these. */
function add_master(cfg: apple_dart_master_cfg): void {
  apple_dart_groups_lock.lock();
  if (!cfg.isListed()) masters.addTail(cfg);
  apple_dart_groups_lock.unlock();
}

/** Section 10: priv, as the driver knows it. */
function apple_dart_cfg(dev: Device): apple_dart_master_cfg | null {
  return changetype<apple_dart_master_cfg | null>(dev.iommu!.priv);
}

/** Section 10, of_xlate: the data, or null if there is no memory. */
function alloc_cfg(dev: Device): apple_dart_master_cfg | null {
  if (faults() && fault('no memory for the streams of a device') && dev.excuse()) return null;
  count_device_data();
  return new apple_dart_master_cfg(dev);
}

/** 2.2 step 6: the stream is validated, then appended. */
function append_stream(cfg: apple_dart_master_cfg, dart: apple_dart, sid: i32): i32 {
  if (faults() && fault('the stream is not valid') && cfg.dev.excuse()) return -EINVAL;
  return cfg.add_stream(dart, sid) ? 0 : -EINVAL;
}

/** Section 10, of_xlate: the reference of the instance's device is not put, and an error leaves priv. */
function apple_dart_of_xlate(dev: Device, iommu: device_node, sid: i32): i32 {
  const hardware = of_find_device_by_node(iommu);
  if (!hardware) return -ENODEV;
  keeps_reference();
  const dart = changetype<apple_dart>(hardware.drvdata);
  let cfg = changetype<apple_dart_master_cfg | null>(dev.iommu!.priv);
  if (!cfg) {
    cfg = alloc_cfg(dev);
    if (!cfg) return -ENOMEM;
    dev.iommu!.priv = cfg;
  }
  return append_stream(cfg, dart, sid);
}

/** Section 10, probe_device: whether there is a fwspec does not matter. */
function apple_dart_probe_device(dev: Device): iommu_device {
  const cfg = apple_dart_cfg(dev);
  if (!cfg) return ERR_PTR<iommu_device>(-ENODEV);
  add_master(cfg);
  return cfg.dart(0);
}

/** Section 5 step 2: one specifier. */
function apple_dart_xlate(iommu: iommu_device, sid: i32, data: driver_data): i32 {
  return append_stream(changetype<apple_dart_master_cfg>(data), changetype<apple_dart>(iommu), sid);
}

/** Section 5 step 2, probe_device: the data are made here and stored last. */
function apple_dart_probe_device_pinf(dev: Device, pinf: iommu_probe_info): iommu_device {
  const cfg = alloc_cfg(dev);
  if (!cfg) return ERR_PTR<iommu_device>(-ENOMEM);
  const ret = fill_from_firmware(pinf, apple_dart_ops, apple_dart_xlate, cfg);
  if (ret != 0) return ERR_PTR<iommu_device>(ret);
  const dart = cfg.dart(0);
  add_master(cfg);
  dev.iommu!.priv = cfg;
  return dart;
}

/** Section 10, release_device. */
function apple_dart_release_device(dev: Device): void {
  const cfg = apple_dart_cfg(dev)!;
  apple_dart_groups_lock.lock();
  cfg.delist();
  apple_dart_groups_lock.unlock();
  free_device_data(cfg);
}

/** Section 10, by stream map: do two devices use one stream of one instance? */
function shares_stream(a: apple_dart_master_cfg, b: apple_dart_master_cfg): bool {
  for (let i = 0; i < a.num_ids; i++) {
    for (let k = 0; k < b.num_ids; k++) if (a.dart(i) == b.dart(k) && a.get_id(i) == b.get_id(k)) return true;
  }
  return false;
}

/** Section 10, by stream map: the group of a device with a stream in common; the lock keeps it from being released meanwhile. */
function find_group(cfg: apple_dart_master_cfg): iommu_group | null {
  for (let other = masters.first(); other; other = masters.next(other)) {
    if (other == cfg || !shares_stream(cfg, other)) continue;
    const group = other.dev.iommu_group;
    if (group) return iommu_group_ref_get(group);
  }
  return null;
}

/** Section 10, device_group: by stream map. */
function apple_dart_device_group(dev: Device): iommu_group {
  apple_dart_groups_lock.lock();
  const group = find_group(apple_dart_cfg(dev)!);
  apple_dart_groups_lock.unlock();
  return group ? group : generic_device_group(dev);
}

/** Section 10, attach_dev: uses priv; each stream's entry gets the domain. */
function apple_dart_attach_dev(domain: iommu_domain, dev: Device): i32 {
  const cfg = apple_dart_cfg(dev);
  if (!cfg) return -ENODEV;
  const n = cfg.num_ids;
  for (let k = 0; k < n; k++) {
    cfg.dart(k);
    cfg.get_id(k);
  }
  cfg.domain = domain;
  return 0;
}

@final
class apple_dart_ops_class extends ids_ops {
  override of_xlate(dev: Device, iommu: device_node, id: i32): i32 {
    return apple_dart_of_xlate(dev, iommu, id);
  }
  override probe_device(dev: Device, pinf: iommu_probe_info | null): iommu_device {
    return pinf ? apple_dart_probe_device_pinf(dev, pinf) : apple_dart_probe_device(dev);
  }
  override release_device(dev: Device): void {
    apple_dart_release_device(dev);
  }
  override device_group(dev: Device): iommu_group {
    return apple_dart_device_group(dev);
  }
  override goes_by_fwspec(): bool {
    return false;
  }
  override accepts_priv(): bool {
    return !chosen.drivers_read_firmware();
  }
  override groups_by(): Grouping {
    return Grouping.stream_only;
  }
  override attach_dev(domain: iommu_domain, dev: Device): i32 {
    return apple_dart_attach_dev(domain, dev);
  }
}

export const apple_dart_ops = new apple_dart_ops_class();

/** Section 10, own probe order: allocate, store drvdata, reset, register. */
function apple_dart_probe(dev: Device): i32 {
  if (faults() && fault('no memory for an instance') && dev.excuse()) return -ENOMEM;
  return store_and_register(dev, new apple_dart(), apple_dart_ops, dev.of_node);
}

/** The platform driver of the instances. */
@final
export class apple_dart_driver extends iommu_driver {
  override probe(dev: Device): i32 {
    return apple_dart_probe(dev);
  }
}
