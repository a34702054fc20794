// The objects of designs.md section 0 with the kernel's names. A plain field is shared memory: each access is a scheduling point. What a
// structure embeds (locks, reference counts, list heads) and what never changes is read through `fixed`, without one.
import { Atomic, fixed, Ghost, List, ListNode, Mutex, Refcount } from 'heddle';

export const enum DmaMode {
  direct = 0,
  iommu = 1,
}

export const enum DomainType {
  none = 0,
  identity = 1,
  dma = 2,
}

/** A place on a klist: a walk pins one of these at a time. */
@final
export class klist_node extends ListNode {
  constructor(private _dev: Device) {
    super();
  }
  get dev(): Device {
    return fixed<Device>(changetype<usize>(this), offsetof<klist_node>('_dev'));
  }
}

/** A node of the firmware's description; what it says is constant. */
@final
export class device_node {
  private _references: Refcount = new Refcount();
  private _nr_iommus: i32 = 0;
  private _iommu0: device_node | null = null;
  private _iommu1: device_node | null = null;
  private _id0: i32 = 0;
  private _id1: i32 = 0;

  constructor(private _has_dma_ranges: bool) {}

  /** One more entry of the "iommus" property; for the set-up of a scene. */
  names(iommu: device_node, id: i32): void {
    if (this._nr_iommus == 0) {
      this._iommu0 = iommu;
      this._id0 = id;
    } else {
      this._iommu1 = iommu;
      this._id1 = id;
    }
    this._nr_iommus += 1;
  }

  get references(): Refcount {
    return fixed<Refcount>(changetype<usize>(this), offsetof<device_node>('_references'));
  }
  get has_dma_ranges(): bool {
    return fixed<bool>(changetype<usize>(this), offsetof<device_node>('_has_dma_ranges'));
  }
  get nr_iommus(): i32 {
    return fixed<i32>(changetype<usize>(this), offsetof<device_node>('_nr_iommus'));
  }
  /** Instance of the k-th specifier. */
  iommu(k: i32): device_node {
    return k == 0
      ? fixed<device_node>(changetype<usize>(this), offsetof<device_node>('_iommu0'))
      : fixed<device_node>(changetype<usize>(this), offsetof<device_node>('_iommu1'));
  }
  /** ID of the k-th specifier. */
  id(k: i32): i32 {
    return fixed<i32>(changetype<usize>(this) + ((<usize>k) << 2), offsetof<device_node>('_id0'));
  }
}

export abstract class bus_type {
  /** Written by iommu_device_register just before each walk. */
  iommu_ops: iommu_ops | null = null;
  private _klist_devices: List<klist_node> = new List<klist_node>();

  get klist_devices(): List<klist_node> {
    return fixed<List<klist_node>>(changetype<usize>(this), offsetof<bus_type>('_klist_devices'));
  }

  abstract dma_configure(dev: Device): i32;
  abstract dma_cleanup(dev: Device): void;
}

export abstract class device_driver {
  private _klist_devices: List<klist_node> = new List<klist_node>();

  constructor(private _driver_managed_dma: bool) {}

  get driver_managed_dma(): bool {
    return fixed<bool>(changetype<usize>(this), offsetof<device_driver>('_driver_managed_dma'));
  }
  /** The devices that are bound to the driver. */
  get klist_devices(): List<klist_node> {
    return fixed<List<klist_node>>(changetype<usize>(this), offsetof<device_driver>('_klist_devices'));
  }

  abstract probe(dev: Device): i32;
}

/** What a driver hangs on its device. */
export class driver_data extends ListNode {}

/** struct device. As a list element it is the entry on the pending or the active list of deferred probes. */
@final
export class Device extends ListNode {
  iommu: dev_iommu | null = null;
  iommu_group: iommu_group | null = null;
  driver: device_driver | null = null;
  dma_ops: DmaMode = DmaMode.direct;
  dma_range_map: dma_range_map | null = null;
  drvdata: driver_data | null = null;
  dead: bool = false;
  registered: bool = false;

  private _mutex: Mutex = new Mutex();
  private _kobj: Refcount = new Refcount();
  private _iommu_link: Atomic = new Atomic();
  private _knode_bus: klist_node | null = null;
  private _knode_driver: klist_node | null = null;
  private _probes: Ghost = new Ghost();
  private _probed_twice: Ghost = new Ghost();
  private _loaded: Ghost = new Ghost();
  private _bound: Ghost = new Ghost();
  private _mapped: Ghost = new Ghost();

  constructor(
    private _bus: bus_type,
    private _of_node: device_node,
    private _matching_driver: device_driver,
  ) {
    super();
    this._knode_bus = new klist_node(this);
    this._knode_driver = new klist_node(this);
  }

  get bus(): bus_type {
    return fixed<bus_type>(changetype<usize>(this), offsetof<Device>('_bus'));
  }
  get of_node(): device_node {
    return fixed<device_node>(changetype<usize>(this), offsetof<Device>('_of_node'));
  }
  /** The driver that matches the device; it is loaded by the event that binds the device. */
  get matching_driver(): device_driver {
    return fixed<device_driver>(changetype<usize>(this), offsetof<Device>('_matching_driver'));
  }
  get mutex(): Mutex {
    return fixed<Mutex>(changetype<usize>(this), offsetof<Device>('_mutex'));
  }
  get kobj(): Refcount {
    return fixed<Refcount>(changetype<usize>(this), offsetof<Device>('_kobj'));
  }
  /** 1 while the sysfs link between the instance and the device exists. */
  get iommu_link(): Atomic {
    return fixed<Atomic>(changetype<usize>(this), offsetof<Device>('_iommu_link'));
  }
  get knode_bus(): klist_node {
    return fixed<klist_node>(changetype<usize>(this), offsetof<Device>('_knode_bus'));
  }
  get knode_driver(): klist_node {
    return fixed<klist_node>(changetype<usize>(this), offsetof<Device>('_knode_driver'));
  }
  /** Successful probe_device calls that no release_device has ended. */
  get probes(): Ghost {
    return fixed<Ghost>(changetype<usize>(this), offsetof<Device>('_probes'));
  }
  /** 1 once there have been two of them. */
  get probed_twice(): Ghost {
    return fixed<Ghost>(changetype<usize>(this), offsetof<Device>('_probed_twice'));
  }
  /** 1 once someone has tried to bind the device. */
  get loaded(): Ghost {
    return fixed<Ghost>(changetype<usize>(this), offsetof<Device>('_loaded'));
  }
  /** 1 from the start of the driver's probe on. */
  get bound(): Ghost {
    return fixed<Ghost>(changetype<usize>(this), offsetof<Device>('_bound'));
  }
  /** The mode in which the driver has mapped its memory. */
  get mapped(): Ghost {
    return fixed<Ghost>(changetype<usize>(this), offsetof<Device>('_mapped'));
  }
}

/** What of_dma_configure makes of the node's "dma-ranges". */
@final
export class dma_range_map {}

/** What the IOMMU core keeps for a device. */
@final
export class dev_iommu {
  fwspec: iommu_fwspec | null = null;
  iommu_dev: iommu_device | null = null;
  priv: driver_data | null = null;
  attach_deferred: bool = false;
  max_pasids: i32 = 0;
}

/** Which instance translates for a device, and with which IDs: an array at the object's end. */
@final
export class iommu_fwspec {
  ops: iommu_ops | null = null;
  iommu_fwnode: device_node | null = null;
  num_ids: i32 = 0;
  id0: i32 = 0;
  id1: i32 = 0;
  id2: i32 = 0;
  id3: i32 = 0;

  get_id(k: i32): i32 {
    return load<i32>(changetype<usize>(this) + ((<usize>k) << 2), offsetof<iommu_fwspec>('id0'));
  }
  set_id(k: i32, id: i32): void {
    store<i32>(changetype<usize>(this) + ((<usize>k) << 2), id, offsetof<iommu_fwspec>('id0'));
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
}

/** The callbacks of an IOMMU driver. */
export abstract class iommu_ops {
  private _owner: Refcount = new Refcount();

  /** References to the driver's module. */
  get owner(): Refcount {
    return fixed<Refcount>(changetype<usize>(this), offsetof<iommu_ops>('_owner'));
  }

  abstract has_of_xlate(): bool;
  abstract of_xlate(dev: Device, id: i32): i32;
  /** The instance that claims the device, or an error (ERR_PTR). */
  abstract probe_device(dev: Device): iommu_device;
  abstract release_device(dev: Device): void;
  abstract probe_finalize(dev: Device): void;
  /** The device's group with a reference, or an error (ERR_PTR). */
  abstract device_group(dev: Device): iommu_group;
  abstract def_domain_type(dev: Device): DomainType;
  abstract attach_dev(domain: iommu_domain, dev: Device): i32;
}
