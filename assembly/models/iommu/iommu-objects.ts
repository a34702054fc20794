// The IOMMU core's objects of designs.md section 0, with the kernel's names. A plain field is shared memory: each access is a scheduling
// point; what is embedded or constant is read through `fixed`, without one. Import them from './objects'.
import { Atomic, fixed, free, List, ListNode, Mutex, Refcount } from 'heddle';
import { chosen } from './designs/chosen';
import { iommu_ops } from './iommu-ops';
import { Device, device_node, driver_data } from './objects';

export const enum DmaMode {
  direct = 0,
  iommu = 1,
}

export const enum DomainType {
  none = 0,
  identity = 1,
  dma = 2,
  blocking = 3,
}

/** What the IOMMU core keeps for a device. */
@final
export class dev_iommu {
  fwspec: iommu_fwspec | null = null;
  iommu_dev: iommu_device | null = null;
  priv: driver_data | null = null;
  attach_deferred: bool = false;
  max_pasids: i32 = 0;
}

/** IDs in memory of their own. */
@final
export class fwspec_ids {
  id0: i32 = 0;
  id1: i32 = 0;
  id2: i32 = 0;
  id3: i32 = 0;

  get_id(k: i32): i32 {
    return load<i32>(changetype<usize>(this) + ((<usize>k) << 2), offsetof<fwspec_ids>('id0'));
  }
  set_id(k: i32, id: i32): void {
    store<i32>(changetype<usize>(this) + ((<usize>k) << 2), id, offsetof<fwspec_ids>('id0'));
  }
}

/** Which instance translates for a device, and with which IDs: an array at the object's end, or, in some designs (section 4), one of their own. */
@final
export class iommu_fwspec {
  ops: iommu_ops | null = null;
  iommu_fwnode: device_node | null = null;
  num_ids: i32 = 0;
  id0: i32 = 0;
  id1: i32 = 0;
  id2: i32 = 0;
  id3: i32 = 0;
  /** Null: the one ID lies here. */
  array: fwspec_ids | null = null;

  get_id(k: i32): i32 {
    const array = chosen.keeps_ids_apart() ? this.array : null;
    if (array) return array.get_id(k);
    return load<i32>(changetype<usize>(this) + ((<usize>k) << 2), offsetof<iommu_fwspec>('id0'));
  }
  set_id(k: i32, id: i32): void {
    const array = chosen.keeps_ids_apart() ? this.array : null;
    if (array) array.set_id(k, id);
    else store<i32>(changetype<usize>(this) + ((<usize>k) << 2), id, offsetof<iommu_fwspec>('id0'));
  }
}

/** A member of a group. */
@final
export class group_device extends ListNode {
  constructor(private _dev: Device) {
    super();
  }
  get dev(): Device {
    return fixed<Device>(changetype<usize>(this), offsetof<group_device>('_dev'));
  }
}

/** Devices that cannot be told apart. As a list element it is `entry`, on the list of a walk (bus_iommu_probe). */
@final
export class iommu_group extends ListNode {
  default_domain: iommu_domain | null = null;
  blocking_domain: iommu_domain | null = null;
  domain: iommu_domain | null = null;
  owner_cnt: i32 = 0;
  owner_of_dma: usize = 0;

  private _mutex: Mutex = new Mutex();
  private _devices: List<group_device> = new List<group_device>();
  private _devices_kobj: Refcount = new Refcount();

  get mutex(): Mutex {
    return fixed<Mutex>(changetype<usize>(this), offsetof<iommu_group>('_mutex'));
  }
  get devices(): List<group_device> {
    return fixed<List<group_device>>(changetype<usize>(this), offsetof<iommu_group>('_devices'));
  }
  get devices_kobj(): Refcount {
    return fixed<Refcount>(changetype<usize>(this), offsetof<iommu_group>('_devices_kobj'));
  }
}

@final
export class iommu_domain {
  private _mappings: Atomic = new Atomic();

  constructor(
    public type: DomainType,
    public ops: iommu_ops,
  ) {}

  get mappings(): Atomic {
    return fixed<Atomic>(changetype<usize>(this), offsetof<iommu_domain>('_mappings'));
  }
}

/** An IOMMU instance; drivers extend it with their own data. As a list element it is its place on iommu_device_list. */
export class iommu_device extends driver_data {
  ops: iommu_ops | null = null;
  fwnode: device_node | null = null;
  singleton_group: iommu_group | null = null;

  /** The instance goes, with what it embeds. */
  free_record(): void {
    free(this);
  }
}
