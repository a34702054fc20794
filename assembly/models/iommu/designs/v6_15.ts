// D4 of designs.md, section 6, as it landed: the probe of a device parses its firmware itself, if no driver has done so before.
import { count } from 'heddle';
import { call_dma_configure } from '../dma-configure';
import { EINVAL, ENODEV, ENOMEM, EPROBE_DEFER, IS_ERR, PTR_ERR } from '../errno';
import {
  count_firmware_read,
  dev_iommu_free,
  dev_iommu_fwspec_get,
  dev_iommu_get,
  iommu_fwspec_add_id,
  iommu_fwspec_alloc,
  iommu_fwspec_assign,
  iommu_fwspec_free,
  probed_fwspec_get,
} from '../fwspec';
import { count_group_lock, unuse_default_domain, use_default_domain } from '../group';
import {
  call_device_group,
  call_probe_device,
  iommu_device_link,
  iommu_device_unlink,
  release_probed,
} from '../iommu-core';
import { iommu_ops } from '../iommu-ops';
import { iommu_ops_from_fwnode } from '../iommu-register';
import { module_get, module_put } from '../module';
import { bus_type, Device, device_driver, device_node, DmaMode, DomainType, Firmware } from '../objects';
import { iommu_fwspec, iommu_group } from '../objects';
import { call_of_xlate, driver_deferred_probe_check_state, nr_specifiers } from '../of-iommu';
import { specifier_id, specifier_iommu } from '../of-iommu';
import { kdump } from '../options';
import { iommu_probe_info } from '../probe-info';
import { driver_is_counted } from '../promises/bind';
import { Past } from '../promises/history';
import { member_has_mode } from '../promises/locks';
import { warn_of_late_probe } from '../promises/probing';
import { dma_mode_is_stored } from '../promises/translation';
import { V6_7 } from './v6_7';

/** Section 6 step 1: no placeholder, and no ops in the fwspec. */
function iommu_fwspec_init(dev: Device, iommu_fwnode: device_node): i32 {
  const ops = iommu_ops_from_fwnode(iommu_fwnode);
  if (!ops) return driver_deferred_probe_check_state();
  count_firmware_read();
  const present = dev_iommu_fwspec_get(dev);
  if (present) return iommu_ops_from_fwnode(present.iommu_fwnode) == ops ? 0 : -EINVAL;
  count_firmware_read(2);
  if (!dev_iommu_get(dev)) return -ENOMEM;
  const fwspec = iommu_fwspec_alloc(dev);
  if (!fwspec) return -ENOMEM;
  iommu_fwspec_assign(fwspec, iommu_fwnode, null);
  dev.iommu!.fwspec = fwspec;
  return 0;
}

/** Section 6 step 2: one specifier. */
function of_iommu_xlate(dev: Device, iommu: device_node, id: i32): i32 {
  if (iommu.disabled) return -ENODEV;
  let ret = iommu_fwspec_init(dev, iommu);
  if (ret != 0) return ret;
  const ops = iommu_ops_from_fwnode(iommu);
  if (!ops || !ops.has_of_xlate() || !module_get(dev, ops)) return -ENODEV;
  ret = call_of_xlate(dev, ops, iommu, id);
  module_put(ops);
  return ret;
}

/** Section 6 step 3: one ID of an ACPI table. */
function acpi_iommu_fwspec_init(dev: Device, iommu: device_node, id: i32): i32 {
  const ret = iommu_fwspec_init(dev, iommu);
  return ret != 0 ? ret : iommu_fwspec_add_id(dev, id);
}

/** Section 6 step 3: all specifiers of the device tree or one ACPI table, up to the first that fails; none is "no IOMMU". */
function configure_by(table: Firmware, dev: Device, np: device_node): i32 {
  count('firmware scans');
  const n = np.firmware == table ? nr_specifiers(dev, np) : 0;
  if (n == 0) return -ENODEV;
  for (let k = 0; k < n; k++) {
    const iommu = specifier_iommu(dev, np, k);
    const id = specifier_id(dev, np, k);
    const ret = table == Firmware.device_tree ? of_iommu_xlate(dev, iommu, id) : acpi_iommu_fwspec_init(dev, iommu, id);
    if (ret != 0) return ret;
  }
  return 0;
}

/** Section 9, DMA mode: what the core sets under group->mutex. */
function iommu_setup_dma_ops(group: iommu_group, dev: Device): void {
  const domain = group.domain;
  if (!domain) return;
  dev.dma_ops = domain.type == DomainType.dma ? DmaMode.iommu : DmaMode.direct;
  dma_mode_is_stored(dev);
}

/** Section 6 step 4, failure exit after (a). */
function undo_dev_iommu(dev: Device): void {
  dev.iommu!.iommu_dev = null;
  dev_iommu_free(dev);
}

/** Section 6 step 4 e; its failure is undone here, but for dev->iommu. */
function claim(dev: Device, ops: iommu_ops): i32 {
  if (!module_get(dev, ops)) return -EINVAL;
  const iommu_dev = call_probe_device(dev, ops, null);
  if (IS_ERR(iommu_dev)) {
    module_put(ops);
    return PTR_ERR(iommu_dev);
  }
  dev.iommu!.iommu_dev = iommu_dev;
  let ret = iommu_device_link(dev);
  if (ret == 0) {
    const group = call_device_group(dev, ops);
    if (!IS_ERR(group)) {
      dev.iommu_group = group;
      dev.iommu!.max_pasids = 0;
      if (kdump()) dev.iommu!.attach_deferred = true;
      return 0;
    }
    ret = PTR_ERR(group);
    iommu_device_unlink(dev);
  }
  release_probed(dev, ops);
  module_put(ops);
  return ret;
}

@final
export class V6_15 extends V6_7 {
  override fwspec_has_ops(): bool {
    return false;
  }
  override allows_one_driver(): bool {
    return false;
  }
  override publish_ops(bus: bus_type, ops: iommu_ops): void {}

  /** Section 6 step 3: a failure leaves nothing behind; who finds no dev->iommu is not the core, and probes the device. */
  override of_iommu_configure(dev: Device, np: device_node): i32 {
    this.lock_for_firmware();
    count_firmware_read(2);
    if (dev_iommu_fwspec_get(dev)) {
      this.unlock_for_firmware();
      return 0;
    }
    const dev_iommu_present = dev.iommu != null;
    if (dev.has_bus) dev.bus.request_acs();
    let ret = configure_by(Firmware.device_tree, dev, np);
    if (ret != 0) {
      if (dev_iommu_present) iommu_fwspec_free(dev);
      else if (dev.iommu) dev_iommu_free(dev);
    }
    this.unlock_for_firmware();
    if (ret == 0 && dev.has_bus && !dev_iommu_present) ret = this.iommu_probe_device(dev);
    return ret;
  }

  /** Section 6 step 3: nothing is undone, and nobody probes. */
  override acpi_iommu_configure_id(dev: Device, np: device_node): i32 {
    this.lock_for_firmware();
    count_firmware_read();
    let ret = 0;
    if (!dev_iommu_fwspec_get(dev)) {
      ret = configure_by(Firmware.iort, dev, np);
      if (ret != 0 && ret != -EPROBE_DEFER) ret = configure_by(Firmware.viot, dev, np);
    }
    this.unlock_for_firmware();
    return ret;
  }

  override knows_ops(): bool {
    return false;
  }
  override ops_to_ask(dev: Device, fwspec: iommu_fwspec | null, pinf: iommu_probe_info | null): iommu_ops | null {
    return null;
  }

  /** Section 6 step 4. The probe mutex is dropped for (b). */
  override iommu_init_device(
    dev: Device,
    none: iommu_ops | null,
    fwspec: iommu_fwspec | null,
    pinf: iommu_probe_info | null,
  ): i32 {
    if (!dev_iommu_get(dev)) return -ENOMEM;
    if (!dev.driver && dev.bus.has_dma_configure()) {
      this.unlock_for_probe();
      call_dma_configure(dev);
      this.lock_for_probe();
    }
    const spec = probed_fwspec_get(dev);
    const ops = iommu_ops_from_fwnode(spec ? spec.iommu_fwnode : null);
    let ret = -ENODEV;
    if (ops) {
      if (dev.driver) warn_of_late_probe(dev);
      ret = claim(dev, ops);
    }
    if (ret != 0) undo_dev_iommu(dev);
    return ret;
  }

  /** Section 9, DMA mode: nobody but the core sets it. */
  override core_sets_dma_mode(): bool {
    return true;
  }
  override drivers_check_bus(): bool {
    return true;
  }
  override set_dma_mode_after_firmware(dev: Device, found: bool): void {}
  override reset_dma_mode(dev: Device): void {}
  override member_has_joined(group: iommu_group, dev: Device): void {
    member_has_mode(group, dev);
    if (group.default_domain) iommu_setup_dma_ops(group, dev);
  }
  override domain_has_changed(group: iommu_group): void {
    for (let member = group.devices.first(); member; member = group.devices.next(member)) {
      iommu_setup_dma_ops(group, member.dev);
    }
  }

  /** Section 9, of_dma_configure step 1. */
  override wants_dma_range_map(dev: Device): bool {
    return dev.dma_range_map == null;
  }
  /** Section 9, step 3 of each bus's dma_configure; section 6 step 5. */
  override counts_as_user(dev: Device, drv: device_driver | null): bool {
    return dev.driver != null && !drv!.driver_managed_dma;
  }
  /** Section 6 step 6: no reference to the group is held. */
  override iommu_device_use_default_domain(dev: Device): i32 {
    const group = dev.iommu_group;
    if (!group) return 0;
    count_group_lock();
    group.mutex.lock();
    const ret = group.default_domain ? use_default_domain(group) : -EPROBE_DEFER;
    group.mutex.unlock();
    driver_is_counted(dev, ret);
    return ret;
  }
  override iommu_device_unuse_default_domain(dev: Device): void {
    const group = dev.iommu_group;
    if (!group) return;
    count_group_lock();
    group.mutex.lock();
    unuse_default_domain(group);
    dev.history.set(Past.counted, 0);
    group.mutex.unlock();
  }
  /** 2.6. */
  override type_for_conflict(): DomainType {
    return DomainType.identity;
  }
}
