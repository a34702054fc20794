// What an IOMMU driver offers: its callbacks, as wide as all profiles and designs need them (designs.md sections 2 to 6, 10).
import { fixed, Refcount } from 'heddle';
import { ENODEV } from './errno';
import { Device, device_node, DomainType, iommu_device, iommu_domain, iommu_fwspec, iommu_group } from './objects';
import { iommu_probe_info } from './probe-info';

/** How drivers choose groups (designs.md section 10). */
export const enum Grouping {
  /** Those of a stream are one group; else as the bus says. */
  stream = 0,
  /** Those of a stream are one group, others are not. */
  stream_only = 1,
  /** One group an instance. */
  instance = 2,
  /** Each device is a group. */
  device = 3,
  /** As the bus says. */
  bus = 4,
}

/** The callbacks of an IOMMU driver. What has a body here is optional. */
export abstract class iommu_ops {
  private _owner: Refcount = new Refcount();

  /** References to the driver's module. */
  get owner(): Refcount {
    return fixed<Refcount>(changetype<usize>(this), offsetof<iommu_ops>('_owner'));
  }

  /** Does the driver take specifiers from firmware? */
  has_of_xlate(): bool {
    return false;
  }
  /** 2.2 step 5: one specifier, an instance's node and an ID; dev->iommu has a fwspec. */
  of_xlate(dev: Device, iommu: device_node, id: i32): i32 {
    return -ENODEV;
  }
  /** Section 4: does the driver take them without touching dev->iommu? */
  has_of_xlate_fwspec(): bool {
    return false;
  }
  /** 4.1 step 2: the same for a fwspec that hangs on no device yet. */
  of_xlate_fwspec(fwspec: iommu_fwspec, dev: Device, iommu: device_node, id: i32): i32 {
    return -ENODEV;
  }

  /** The instance that claims the device, or an error (ERR_PTR). `pinf` is set in the designs without fwspec (section 5), null in others. */
  abstract probe_device(dev: Device, pinf: iommu_probe_info | null): iommu_device;
  /** Only for a device whose probe_device succeeded. */
  abstract release_device(dev: Device): void;
  /** Runs without a lock, after the device has joined its group. */
  probe_finalize(dev: Device): void {}
  /** The device's group with a reference, or an error (ERR_PTR). */
  abstract device_group(dev: Device): iommu_group;
  /** 2.6: the type that the driver wants for the device; none = any. */
  def_domain_type(dev: Device): DomainType {
    return dev.of_node.wanted_domain;
  }
  /** 0, or an error; group->mutex is held, but by the driver's first map in a kdump kernel (section 9). */
  abstract attach_dev(domain: iommu_domain, dev: Device): i32;
  /** 2.6: how many regions must be mapped one to one before the device is attached. */
  direct_regions(dev: Device): i32 {
    return dev.of_node.direct_regions;
  }

  /** Promise 4, for invariants: does the driver keep the IDs that firmware gives? */
  keeps_ids(): bool {
    return false;
  }
  /** Promise 4, for invariants: how many IDs probe_device has read for a device that it has claimed. */
  nr_probed_ids(dev: Device): i32 {
    return 0;
  }
  /** Promise 4, for invariants: are they what probe_device has read? Else it reads none. */
  reads_ids_in_probe(): bool {
    return true;
  }
  /** Promise 4, for invariants: does the driver go by the fwspec's IDs, where there is one, not by its own? */
  goes_by_fwspec(): bool {
    return true;
  }
  /** Promise 4, for invariants: does probe_device look at priv alone? */
  accepts_priv(): bool {
    return false;
  }
  /** Promise 6, for invariants: by what the driver groups its devices. */
  groups_by(): Grouping {
    return Grouping.stream;
  }
  /** Promise 6, for invariants: does a node-less instance of the driver serve the device? */
  recognises(dev: Device): bool {
    return false;
  }
  /** Promise 4, for invariants: the k-th of them. */
  probed_id(dev: Device, k: i32): i32 {
    return 0;
  }
}
