// The driver core's and firmware's objects of designs.md section 0, with the kernel's names. A plain field is shared memory: each access is
// a scheduling point. What a structure embeds (locks, reference counts, list heads) and what never changes is read through `fixed`.
import {
  Atomic,
  fixed,
  free,
  Ghost,
  GhostTable,
  Klist,
  KlistNode,
  ListNode,
  Mutex,
  NotifierChain,
  Refcount,
} from 'heddle';
import { get_device, put_device } from './device';
import { dma_cleanup } from './dma-configure';
import { generic_device_group } from './group';
import { dev_iommu, DmaMode, DomainType, iommu_group } from './iommu-objects';
import { iommu_ops } from './iommu-ops';
import { note_injected } from './options';
import { pci_dev } from './pci-device';
import { excuse } from './promises/history';

export { dev_iommu, DmaMode, DomainType, fwspec_ids, group_device } from './iommu-objects';
export { iommu_device, iommu_domain, iommu_fwspec, iommu_group } from './iommu-objects';

/** Which of firmware's descriptions a node belongs to: a device tree, or the ACPI table that names its IOMMU. */
export const enum Firmware {
  device_tree = 0,
  iort = 1,
  viot = 2,
}

/** A place on a klist: a walk pins one of these at a time. */
@final
export class klist_node extends KlistNode {
  constructor(
    private _dev: Device,
    private _counted: bool,
  ) {
    super();
  }
  get dev(): Device {
    return fixed<Device>(changetype<usize>(this), offsetof<klist_node>('_dev'));
  }
  /** Section 1, device_del: does the list hold a reference to the device, as a bus does? */
  get counted(): bool {
    return fixed<bool>(changetype<usize>(this), offsetof<klist_node>('_counted'));
  }
  override onGet(): void {
    if (this.counted) get_device(this.dev);
  }
  override onPut(): void {
    if (this.counted) put_device(this.dev);
  }
}

/** A node of the firmware's description; what it says is constant. */
@final
export class device_node {
  /** Section 1, fw_devlink: the device that the node describes. Used with that option only. */
  dev: Device | null = null;
  private _references: Refcount = new Refcount();
  private _nr_iommus: i32 = 0;
  private _iommu0: device_node | null = null;
  private _iommu1: device_node | null = null;
  private _iommu2: device_node | null = null;
  private _iommu3: device_node | null = null;
  private _id0: i32 = 0;
  private _id1: i32 = 0;
  private _id2: i32 = 0;
  private _id3: i32 = 0;

  private _wanted_domain: DomainType = DomainType.dma;
  private _direct_regions: i32 = 0;
  private _in_tables: bool = false;
  private _disabled: bool = false;
  private _presence: Ghost = new Ghost();

  constructor(
    private _has_dma_ranges: bool,
    private _firmware: Firmware = Firmware.device_tree,
  ) {}

  /** One more entry of the "iommus" property, of at most four; for the set-up of a scene. */
  names(iommu: device_node, id: i32): void {
    const entry = changetype<usize>(this) + ((<usize>this._nr_iommus) << 2);
    store<device_node>(entry, iommu, offsetof<device_node>('_iommu0'));
    store<i32>(entry, id, offsetof<device_node>('_id0'));
    this._nr_iommus += 1;
  }

  /** Firmware has it switched off; for the set-up of a scene. */
  switch_off(): void {
    this._disabled = true;
  }

  /** What the IOMMU's driver wants for the device; for the set-up of a scene. */
  wants(domain: DomainType, direct_regions: i32): void {
    this._wanted_domain = domain;
    this._direct_regions = direct_regions;
  }

  /** Of the instance with this node: goes up by one when it joins iommu_device_list and when it leaves, so it is there while this is odd. */
  get presence(): Ghost {
    return fixed<Ghost>(changetype<usize>(this), offsetof<device_node>('_presence'));
  }

  /** Section 10, legacy-no-fwspec: the driver's own tables list the device; for the set-up of a scene. */
  put_in_tables(): void {
    this._in_tables = true;
  }
  get in_tables(): bool {
    return fixed<bool>(changetype<usize>(this), offsetof<device_node>('_in_tables'));
  }

  /** 2.6: the default domain's type that the IOMMU's driver wants for the device. */
  get wanted_domain(): DomainType {
    return fixed<DomainType>(changetype<usize>(this), offsetof<device_node>('_wanted_domain'));
  }
  /** Section 0: regions that must be mapped one to one. */
  get direct_regions(): i32 {
    return fixed<i32>(changetype<usize>(this), offsetof<device_node>('_direct_regions'));
  }
  get references(): Refcount {
    return fixed<Refcount>(changetype<usize>(this), offsetof<device_node>('_references'));
  }
  get has_dma_ranges(): bool {
    return fixed<bool>(changetype<usize>(this), offsetof<device_node>('_has_dma_ranges'));
  }
  get firmware(): Firmware {
    return fixed<Firmware>(changetype<usize>(this), offsetof<device_node>('_firmware'));
  }
  /** Switched off by firmware: what names it as its IOMMU has none. */
  get disabled(): bool {
    return fixed<bool>(changetype<usize>(this), offsetof<device_node>('_disabled'));
  }
  get nr_iommus(): i32 {
    return fixed<i32>(changetype<usize>(this), offsetof<device_node>('_nr_iommus'));
  }
  /** Instance of the k-th specifier. */
  iommu(k: i32): device_node {
    return fixed<device_node>(changetype<usize>(this) + ((<usize>k) << 2), offsetof<device_node>('_iommu0'));
  }
  /** ID of the k-th specifier. */
  id(k: i32): i32 {
    return fixed<i32>(changetype<usize>(this) + ((<usize>k) << 2), offsetof<device_node>('_id0'));
  }
}

export abstract class bus_type {
  /** Written by iommu_device_register just before each walk. */
  iommu_ops: iommu_ops | null = null;
  private _klist_devices: Klist<klist_node> = new Klist<klist_node>();
  private _bus_notifier: NotifierChain<Device> = new NotifierChain<Device>();

  get klist_devices(): Klist<klist_node> {
    return fixed<Klist<klist_node>>(changetype<usize>(this), offsetof<bus_type>('_klist_devices'));
  }
  /** A blocking chain: its semaphore is held while it is called (E1, E2). */
  get bus_notifier(): NotifierChain<Device> {
    return fixed<NotifierChain<Device>>(changetype<usize>(this), offsetof<bus_type>('_bus_notifier'));
  }

  /** Section 9: the node whose firmware description holds for the device. PCI: that of the host bridge. */
  firmware_node(dev: Device): device_node {
    return dev.of_node;
  }
  /** The bus of the host1x contexts has none (section 1). */
  has_dma_configure(): bool {
    return true;
  }
  abstract dma_configure(dev: Device): i32;
  /** Section 9: the counterpart of what most buses' dma_configure ends with. */
  dma_cleanup(dev: Device): void {
    dma_cleanup(dev);
  }

  /** 2.1 step 3: how many IDs firmware gives the device by this node. PCI: one for each DMA alias. */
  nr_specifiers(dev: Device, np: device_node): i32 {
    return np.nr_iommus;
  }
  /** 2.1 step 3: the instance of the k-th of them. */
  specifier_iommu(dev: Device, np: device_node, k: i32): device_node {
    return np.iommu(k);
  }
  /** 2.1 step 3: the k-th ID. */
  specifier_id(dev: Device, np: device_node, k: i32): i32 {
    return np.id(k);
  }
  /** Section 9: what PCI asks for before the first specifier is looked for. */
  request_acs(): void {}
  /** 2.5: how drivers that leave the grouping to the bus group this one's devices. */
  device_group(dev: Device): iommu_group {
    return generic_device_group(dev);
  }
}

export abstract class device_driver {
  /** Is the driver loaded? A device that is added then looks for it. */
  registered: bool = false;
  private _klist_devices: Klist<klist_node> = new Klist<klist_node>();

  constructor(private _driver_managed_dma: bool) {}

  get driver_managed_dma(): bool {
    return fixed<bool>(changetype<usize>(this), offsetof<device_driver>('_driver_managed_dma'));
  }
  /** The devices that are bound to the driver. */
  get klist_devices(): Klist<klist_node> {
    return fixed<Klist<klist_node>>(changetype<usize>(this), offsetof<device_driver>('_klist_devices'));
  }

  abstract probe(dev: Device): i32;
  /** Gives back what probe has taken. */
  remove(dev: Device): void {}
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
  /** Section 1, fw_devlink: is the driver bound, as the links to the device's consumers have it? */
  links_driver_bound: bool = false;

  private _mutex: Mutex = new Mutex();
  private _kobj: Refcount = new Refcount();
  private _iommu_link: Atomic = new Atomic();
  private _knode_bus: klist_node | null = null;
  private _knode_driver: klist_node | null = null;
  private _history: GhostTable = new GhostTable();
  private _excused: Ghost = new Ghost();
  private _loaded: Ghost = new Ghost();
  private _bound: Ghost = new Ghost();

  constructor(
    private _bus: bus_type | null,
    private _of_node: device_node,
    private _matching_driver: device_driver | null,
    private _pci: pci_dev | null = null,
  ) {
    super();
    this._knode_bus = new klist_node(this, true);
    this._knode_driver = new klist_node(this, false);
  }

  /** Those of section 1, E6, may have none yet. */
  get has_bus(): bool {
    return fixed<bus_type | null>(changetype<usize>(this), offsetof<Device>('_bus')) != null;
  }
  get bus(): bus_type {
    return fixed<bus_type>(changetype<usize>(this), offsetof<Device>('_bus'));
  }
  get of_node(): device_node {
    return fixed<device_node>(changetype<usize>(this), offsetof<Device>('_of_node'));
  }
  /** The driver that matches the device, if there is one. */
  get matching_driver(): device_driver | null {
    return fixed<device_driver | null>(changetype<usize>(this), offsetof<Device>('_matching_driver'));
  }
  /** Where it sits, if it is a PCI device. */
  get pci(): pci_dev | null {
    return fixed<pci_dev | null>(changetype<usize>(this), offsetof<Device>('_pci'));
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
  /** An injected error concerns this device: it excuses the task that meets it (section 11). For conditions: answers true. */
  excuse(): bool {
    note_injected();
    this.excused.set(1);
    excuse(this.history);
    return true;
  }
  /** What the promises need to know of the past: numbers of `Past`. */
  get history(): GhostTable {
    return fixed<GhostTable>(changetype<usize>(this), offsetof<Device>('_history'));
  }
  /** 1 once there was one, until the next bind begins: the device may be in no group. */
  get excused(): Ghost {
    return fixed<Ghost>(changetype<usize>(this), offsetof<Device>('_excused'));
  }
  /** 1 once someone has tried to bind the device, until it is unbound. */
  get loaded(): Ghost {
    return fixed<Ghost>(changetype<usize>(this), offsetof<Device>('_loaded'));
  }
  /** 1 from the start of the driver's probe on. */
  get bound(): Ghost {
    return fixed<Ghost>(changetype<usize>(this), offsetof<Device>('_bound'));
  }

  /** The record goes, with what it embeds. */
  free_record(): void {
    const pci = this.pci;
    if (pci) pci.free_record();
    free(this.bound);
    free(this.loaded);
    free(this.excused);
    free(this.history);
    free(this.knode_driver);
    free(this.knode_bus);
    free(this.iommu_link);
    free(this.kobj);
    free(this.mutex);
    free(this);
  }
}

/** What of_dma_configure makes of the node's "dma-ranges". */
@final
export class dma_range_map {}
