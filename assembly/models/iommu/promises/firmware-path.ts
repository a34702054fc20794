// Promise 8 of designs.md section 11: a configuration from firmware that failed leaves dev->iommu, fwspec and priv as it found them.
import { invariantNow } from 'heddle';
import { chosen } from '../designs/chosen';
import { EPROBE_DEFER } from '../errno';
import { Device } from '../objects';
import { Past } from './history';
import { configuration_keeps } from './references';

/** What a configuration can find, as bits. */
const enum Found {
  iommu = 1,
  fwspec = 2,
  priv = 4,
}

function what_is_there(dev: Device): i32 {
  const param = dev.iommu;
  if (!param) return 0;
  return Found.iommu | (param.fwspec ? Found.fwspec : 0) | (param.priv ? Found.priv : 0);
}

/** Before of_iommu_configure and acpi_iommu_configure_id. */
export function configuration_begins(dev: Device): void {
  invariantNow('', remember_what_is_there, dev);
}

function remember_what_is_there(dev: Device): bool {
  dev.history.set(Past.found, what_is_there(dev));
  return true;
}

/** After it. */
export function configuration_ends(dev: Device, ret: i32): void {
  dev.history.set(Past.failed, ret);
  configuration_keeps(ret);
}

/** What the last configuration left although it failed, if nobody has claimed the device since. Tested when nobody works on it any more. */
function leftover(dev: Device): i32 {
  if (dev.history.get(Past.failed) == 0 || dev.iommu_group) return 0;
  return what_is_there(dev) & ~dev.history.get(Past.found);
}

/** D0, D1: a deferral may leave a placeholder, that is, a fwspec without ops. */
function is_placeholder(dev: Device): bool {
  if (!chosen.leaves_placeholders() || dev.history.get(Past.failed) != -EPROBE_DEFER) return false;
  const fwspec = dev.iommu!.fwspec;
  return !fwspec || !fwspec.ops;
}

/** Promise 8: dev->iommu and the fwspec. */
export function failed_configuration_leaves_no_fwspec(dev: Device): bool {
  return (leftover(dev) & (Found.iommu | Found.fwspec)) == 0 || is_placeholder(dev);
}

/** Promise 8: the driver's data. */
export function failed_configuration_leaves_no_priv(dev: Device): bool {
  return (leftover(dev) & Found.priv) == 0;
}
