// What the designs of the subsystem differ in. The methods' bodies are what most designs do, v6.6 and v6.7 in any case; each design
// overrides what it changes.
import { count, List, Mutex } from 'heddle';
import { acpi_iommu_configure_id } from '../acpi-iommu';
import { arch_setup_dma_ops, arch_teardown_dma_ops } from '../dma-configure';
import { iommu_device_unuse_default_domain, iommu_device_use_default_domain } from '../group';
import {
  __iommu_probe_device,
  iommu_init_device,
  iommu_probe_device,
  iommu_release_device,
  probe_iommu_group,
} from '../iommu-core';
import { iommu_ops } from '../iommu-ops';
import { iommu_device_lock, setup_walked_group } from '../iommu-register';
import { bus_type, Device, device_driver, device_node, DomainType } from '../objects';
import { iommu_fwspec, iommu_group } from '../objects';
import { of_iommu_configure } from '../of-iommu';
import { mutex_in_firmware, mutex_in_probe } from '../options';
import { iommu_probe_info } from '../probe-info';

/** One mutex for the probing of all devices (from v6.2 on). */
const iommu_probe_device_lock = new Mutex();

/** 2.4 step 2, section 3: for the probe of a device. */
export function lock_probe_mutex(): void {
  if (!mutex_in_probe()) return;
  count('probe lock acquisitions');
  iommu_probe_device_lock.lock();
}

/** 2.4 step 6: the counterpart of lock_probe_mutex. */
export function unlock_probe_mutex(): void {
  if (mutex_in_probe()) iommu_probe_device_lock.unlock();
}

/** Section 3: for the firmware path. */
export function lock_firmware_mutex(): void {
  if (!mutex_in_firmware()) return;
  count('probe lock acquisitions');
  iommu_probe_device_lock.lock();
}

/** Section 3: the counterpart of lock_firmware_mutex. */
export function unlock_firmware_mutex(): void {
  if (mutex_in_firmware()) iommu_probe_device_lock.unlock();
}

export class Design {
  /** Section 0: the mutex under which dev->iommu and what hangs on it are written; null: there is none. */
  probe_mutex(): Mutex | null {
    return iommu_probe_device_lock;
  }
  /** Around steps 1 to 4 of of_iommu_configure (2.1), and the tables of acpi_iommu_configure_id (2.3). */
  lock_for_firmware(): void {}
  unlock_for_firmware(): void {}
  /** Around __iommu_probe_device, by its callers. */
  lock_for_probe(): void {}
  unlock_for_probe(): void {}
  /** In __iommu_probe_device, after it has read the bus's ops (2.4 step 2). */
  lock_in_probe(): void {}
  unlock_in_probe(): void {}
  /** Around a registration's change of iommu_device_list. */
  lock_for_registration(): void {
    iommu_device_lock.lock();
  }
  unlock_for_registration(): void {
    iommu_device_lock.unlock();
  }
  /** Around a look at iommu_device_list. */
  lock_iommu_device_list(): void {
    iommu_device_lock.lock();
  }
  unlock_iommu_device_list(): void {
    iommu_device_lock.unlock();
  }

  /** From a bus's dma_configure: what firmware says about the device's IOMMU. 0 if it has one. */
  of_iommu_configure(dev: Device, np: device_node): i32 {
    return of_iommu_configure(dev, np);
  }
  /** The same by the ACPI tables. */
  acpi_iommu_configure_id(dev: Device, np: device_node): i32 {
    return acpi_iommu_configure_id(dev, np);
  }
  /** 2.1 step 5: does the firmware path probe the device itself? */
  wants_replay(dev: Device): bool {
    return dev.has_bus;
  }

  /** Section 4, patch 5: are a fwspec's IDs an allocation of their own, so that the spec never moves? */
  keeps_ids_apart(): bool {
    return false;
  }

  /** Section 5: do the drivers read firmware themselves, with iommu_of_xlate? Then there are no fwspecs. */
  drivers_read_firmware(): bool {
    return false;
  }
  /** Section 0: does a fwspec say whose it is? */
  fwspec_has_ops(): bool {
    return true;
  }

  /** Section 9, of_dma_configure step 1. */
  wants_dma_range_map(dev: Device): bool {
    return true;
  }
  /** Section 9, of_dma_configure step 4. */
  set_dma_mode_after_firmware(dev: Device, found: bool): void {
    if (found) arch_setup_dma_ops(dev);
  }
  /** Section 9: a failed bind and an unbind leave the device in the direct mode. */
  reset_dma_mode(dev: Device): void {
    if (!dev.of_node.in_tables) arch_teardown_dma_ops(dev); // section 10, legacy-no-fwspec: unbind leaves it
  }
  /** Promise 8: may a deferral leave a placeholder? */
  leaves_placeholders(): bool {
    return this.fwspec_has_ops() && !this.keeps_ids_apart();
  }
  /** 2.8: are a group's domains freed with the group, not with its last member? */
  frees_domains_with_group(): bool {
    return false;
  }
  /** Section 9, DMA mode: is it the core that sets it, and nobody else? */
  core_sets_dma_mode(): bool {
    return false;
  }
  /** Section 10, mock: do drivers refuse devices of buses that are not theirs? */
  drivers_check_bus(): bool {
    return false;
  }
  /** Section 9, step 3 of each bus's dma_configure: does the bind count as a user of the default domain? */
  counts_as_user(dev: Device, drv: device_driver | null): bool {
    return !drv!.driver_managed_dma;
  }
  /** 2.6. */
  iommu_device_use_default_domain(dev: Device): i32 {
    return iommu_device_use_default_domain(dev);
  }
  iommu_device_unuse_default_domain(dev: Device): void {
    iommu_device_unuse_default_domain(dev);
  }

  /** 2.4, a registration's step 1: the single-driver rule. */
  allows_one_driver(): bool {
    return true;
  }
  /** 2.4, a registration's step 4, before each walk. */
  publish_ops(bus: bus_type, ops: iommu_ops): void {
    bus.iommu_ops = ops;
  }

  /** 2.4: E1 and the replay of E5. */
  iommu_probe_device(dev: Device): i32 {
    return iommu_probe_device(dev);
  }
  /** 2.4: E3, one device of a walk. */
  probe_iommu_group(dev: Device, group_list: List<iommu_group>): i32 {
    return probe_iommu_group(dev, group_list);
  }
  /** 2.4: a probe that firmware did not ask for. */
  __iommu_probe_device(dev: Device, group_list: List<iommu_group> | null): i32 {
    return __iommu_probe_device(dev, group_list, null, null);
  }
  /** 2.4 step 1: is it known before anything else which driver is asked? */
  knows_ops(): bool {
    return true;
  }
  /** 2.4 step 1: the driver that is asked, none, or an error (ERR_PTR). */
  ops_to_ask(dev: Device, fwspec: iommu_fwspec | null, pinf: iommu_probe_info | null): iommu_ops | null {
    return dev.bus.iommu_ops;
  }
  /** 2.4 step 4. */
  iommu_init_device(
    dev: Device,
    ops: iommu_ops | null,
    fwspec: iommu_fwspec | null,
    pinf: iommu_probe_info | null,
  ): i32 {
    return iommu_init_device(dev, ops!, fwspec, pinf);
  }
  /** 2.4, after the walk: the default domain of a group that it has found. */
  setup_walked_group(group: iommu_group, group_list: List<iommu_group>): i32 {
    return setup_walked_group(group, group_list);
  }
  /** Section 9, DMA mode: the device has joined the group; group->mutex held. */
  member_has_joined(group: iommu_group, dev: Device): void {}
  /** Section 9, DMA mode: the default domain of the group has been set up (walk, E9); group->mutex held. */
  domain_has_changed(group: iommu_group): void {}
  /** E9, v6.1: the type can be changed for a single device only, which is locked and must not be bound. */
  type_change_locks_device(): bool {
    return false;
  }
  /** 2.6: the type for members that want different ones. */
  type_for_conflict(): DomainType {
    return DomainType.dma;
  }
  /** 2.7: E2 and each device of E4. */
  iommu_release_device(dev: Device): void {
    iommu_release_device(dev);
  }
}
