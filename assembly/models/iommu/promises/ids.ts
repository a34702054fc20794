// The IDs that a driver has for a device, as digests: for promise 4 of designs.md section 11.
import { chosen } from '../designs/chosen';
import { iommu_ops } from '../iommu-ops';
import { Device } from '../objects';

/** The driver that has claimed the device. */
export function claiming_ops(dev: Device): iommu_ops | null {
  const param = dev.iommu;
  const iommu_dev = param ? param.iommu_dev : null;
  return iommu_dev ? iommu_dev.ops : null;
}

/** Of IDs in their order; never 0. */
export function add_to_digest(digest: i32, id: i32): i32 {
  return digest * 31 + id + 1;
}

/** How many IDs the driver goes by from now on; -1: it keeps none. */
export function nr_kept(dev: Device): i32 {
  const ops = claiming_ops(dev);
  if (!ops || !ops.keeps_ids()) return -1;
  if (has_ids_of_its_own(ops)) return ops.nr_probed_ids(dev);
  const fwspec = dev.iommu!.fwspec;
  return fwspec ? fwspec.num_ids : 0;
}

function has_ids_of_its_own(ops: iommu_ops): bool {
  return chosen.drivers_read_firmware() || !ops.goes_by_fwspec();
}

/** Of the IDs that probe_device has read from firmware or from the fwspec; 0: it reads none. */
export function digest_of_probed(dev: Device, ops: iommu_ops): i32 {
  return ops.keeps_ids() && ops.reads_ids_in_probe() ? digest_of_own(dev, ops) : 0;
}

function digest_of_own(dev: Device, ops: iommu_ops): i32 {
  const n = ops.nr_probed_ids(dev);
  let digest = 1;
  for (let k = 0; k < n; k++) digest = add_to_digest(digest, ops.probed_id(dev, k));
  return digest;
}

/** Of the IDs that the driver goes by from now on; 0: it keeps none. */
export function digest_of_kept(dev: Device): i32 {
  const ops = claiming_ops(dev);
  if (!ops || !ops.keeps_ids()) return 0;
  if (has_ids_of_its_own(ops)) return digest_of_own(dev, ops);
  const fwspec = dev.iommu!.fwspec;
  let digest = 1;
  if (fwspec) for (let k = 0; k < fwspec.num_ids; k++) digest = add_to_digest(digest, fwspec.get_id(k));
  return digest;
}

/** Does the driver go by a fwspec that is not there? */
export function lacks_fwspec(dev: Device): bool {
  const ops = claiming_ops(dev);
  return ops != null && ops.keeps_ids() && !has_ids_of_its_own(ops) && !dev.iommu!.fwspec;
}
