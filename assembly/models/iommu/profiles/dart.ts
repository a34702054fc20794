// The driver profile `dart` of designs.md section 10 (apple-dart): of_xlate makes the per-device data, and probe_device looks at nothing else.
import { count, fault, fixed, free, List, Mutex } from 'heddle';
import { chosen } from '../designs/chosen';
import { EINVAL, ENODEV, ENOMEM, ERR_PTR } from '../errno';
import { generic_device_group, iommu_group_ref_get } from '../group';
import { iommu_device_register, iommu_device_unregister } from '../iommu-register';
import { Grouping, iommu_ops } from '../iommu-ops';
import { Device, device_driver, device_node, driver_data, iommu_device, iommu_domain, iommu_group } from '../objects';
import { faults } from '../options';
import { iommu_of_xlate, iommu_probe_info } from '../probe-info';
import { of_find_device_by_node } from './find-device';

const MAX_STREAMS: i32 = 4;

/** An instance; drvdata of its hardware device. */
@final
export class apple_dart extends iommu_device {
  ready: bool = false;
}

/** Per-device data; dev->iommu->priv. The streams in the order in which they were appended. */
@final
export class apple_dart_master_cfg extends driver_data {
  domain: iommu_domain | null = null;
  num_streams: i32 = 0;
  dart0: apple_dart | null = null;
  dart1: apple_dart | null = null;
  dart2: apple_dart | null = null;
  dart3: apple_dart | null = null;
  sid0: i32 = 0;
  sid1: i32 = 0;
  sid2: i32 = 0;
  sid3: i32 = 0;

  constructor(private _dev: Device) {
    super();
  }
  get dev(): Device {
    return fixed<Device>(changetype<usize>(this), offsetof<apple_dart_master_cfg>('_dev'));
  }
  dart(k: i32): apple_dart {
    return load<apple_dart>(changetype<usize>(this) + ((<usize>k) << 2), offsetof<apple_dart_master_cfg>('dart0'));
  }
  sid(k: i32): i32 {
    return load<i32>(changetype<usize>(this) + ((<usize>k) << 2), offsetof<apple_dart_master_cfg>('sid0'));
  }
  set_stream(k: i32, dart: apple_dart, sid: i32): void {
    const slot = changetype<usize>(this) + ((<usize>k) << 2);
    store<apple_dart>(slot, dart, offsetof<apple_dart_master_cfg>('dart0'));
    store<i32>(slot, sid, offsetof<apple_dart_master_cfg>('sid0'));
  }
}

/** The devices that the driver has probed, from which groups are chosen, and the driver's lock for that. */
const masters = new List<apple_dart_master_cfg>();
const apple_dart_groups_lock = new Mutex();

function add_master(cfg: apple_dart_master_cfg): void {
  apple_dart_groups_lock.lock();
  if (!cfg.isListed()) masters.addTail(cfg);
  apple_dart_groups_lock.unlock();
}

function apple_dart_cfg(dev: Device): apple_dart_master_cfg | null {
  return changetype<apple_dart_master_cfg | null>(dev.iommu!.priv);
}

function alloc_cfg(dev: Device): apple_dart_master_cfg | null {
  if (faults() && fault('no memory for the streams of a device') && dev.excuse()) return null;
  count('driver data allocations');
  return new apple_dart_master_cfg(dev);
}

function free_cfg(cfg: apple_dart_master_cfg): void {
  count('driver data frees');
  free(cfg);
}

/** 2.2 step 6: the stream is validated, then appended. */
function append_stream(cfg: apple_dart_master_cfg, dart: apple_dart, sid: i32): i32 {
  const n = cfg.num_streams;
  if (n == MAX_STREAMS) return -EINVAL;
  if (faults() && fault('the stream is not valid') && cfg.dev.excuse()) return -EINVAL;
  cfg.set_stream(n, dart, sid);
  cfg.num_streams = n + 1;
  return 0;
}

/** Section 10, of_xlate: the reference of the instance's device is not put, and an error leaves priv. */
function apple_dart_of_xlate(dev: Device, iommu: device_node, sid: i32): i32 {
  const hardware = of_find_device_by_node(iommu);
  if (!hardware) return -ENODEV;
  const dart = changetype<apple_dart>(hardware.drvdata);
  let cfg = apple_dart_cfg(dev);
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

/** Section 5 step 2: the data are made here and stored last. */
function apple_dart_probe_device_pinf(dev: Device, pinf: iommu_probe_info): iommu_device {
  const cfg = alloc_cfg(dev);
  if (!cfg) return ERR_PTR<iommu_device>(-ENOMEM);
  const ret = iommu_of_xlate(
    pinf,
    apple_dart_ops,
    (iommu, sid, data) => append_stream(changetype<apple_dart_master_cfg>(data), changetype<apple_dart>(iommu), sid),
    cfg,
  );
  if (ret != 0) {
    free_cfg(cfg);
    return ERR_PTR<iommu_device>(ret);
  }
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
  free_cfg(cfg);
}

function shares_stream(a: apple_dart_master_cfg, b: apple_dart_master_cfg): bool {
  for (let i = 0; i < a.num_streams; i++) {
    for (let k = 0; k < b.num_streams; k++) if (a.dart(i) == b.dart(k) && a.sid(i) == b.sid(k)) return true;
  }
  return false;
}

/** The group of a device that has a stream in common; the lock keeps it from being released meanwhile. */
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
  const n = cfg.num_streams;
  for (let k = 0; k < n; k++) {
    cfg.dart(k);
    cfg.sid(k);
  }
  cfg.domain = domain;
  return 0;
}

@final
class apple_dart_ops_class extends iommu_ops {
  override has_of_xlate(): bool {
    return true;
  }
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
  override keeps_ids(): bool {
    return true;
  }
  override nr_probed_ids(dev: Device): i32 {
    const cfg = apple_dart_cfg(dev);
    return cfg ? cfg.num_streams : 0;
  }
  override probed_id(dev: Device, k: i32): i32 {
    return apple_dart_cfg(dev)!.sid(k);
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
  const dart = new apple_dart();
  dev.drvdata = dart;
  dart.ready = true;
  const ret = iommu_device_register(dart, apple_dart_ops, dev.of_node);
  if (ret != 0) {
    dev.drvdata = null;
    free(dart);
  }
  return ret;
}

function apple_dart_remove(dev: Device): void {
  const dart = changetype<apple_dart>(dev.drvdata);
  iommu_device_unregister(dart);
  dev.drvdata = null;
  free(dart);
}

/** The platform driver of the instances. */
@final
export class apple_dart_driver extends device_driver {
  override probe(dev: Device): i32 {
    return apple_dart_probe(dev);
  }
  remove(dev: Device): void {
    apple_dart_remove(dev);
  }
}
