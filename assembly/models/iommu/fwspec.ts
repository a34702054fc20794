// The records that hang on a device: dev->iommu and the firmware spec in it (designs.md 2.2, 2.4). None of these functions locks.
import { count, free } from 'heddle';
import { EINVAL } from './errno';
import { dev_iommu, Device, device_node, iommu_fwspec, iommu_ops } from './objects';

const MAX_IDS: i32 = 4;

/** 2.2 step 3 b: check, then act. */
export function dev_iommu_get(dev: Device): dev_iommu {
  let param = dev.iommu;
  if (param) return param;
  count('dev_iommu allocations');
  param = new dev_iommu();
  dev.iommu = param;
  return param;
}

/** 2.4, failure exit: the pointer is cleared first, then the record freed. */
export function dev_iommu_free(dev: Device): void {
  const param = dev.iommu!;
  dev.iommu = null;
  const fwspec = param.fwspec;
  if (fwspec) {
    fwspec.iommu_fwnode!.references.put();
    free(fwspec);
  }
  free(param);
}

export function dev_iommu_fwspec_get(dev: Device): iommu_fwspec | null {
  const param = dev.iommu;
  return param ? param.fwspec : null;
}

function dev_iommu_fwspec_set(dev: Device, fwspec: iommu_fwspec | null): void {
  dev.iommu!.fwspec = fwspec;
}

/** 2.2 step 3. Without `ops` the spec is a placeholder: "waits for this instance". */
export function iommu_fwspec_init(dev: Device, iommu_fwnode: device_node, ops: iommu_ops | null): i32 {
  const present = dev_iommu_fwspec_get(dev);
  if (present) return present.ops == ops ? 0 : -EINVAL;
  dev_iommu_get(dev);
  count('fwspec allocations');
  const fwspec = new iommu_fwspec();
  iommu_fwnode.references.get();
  fwspec.iommu_fwnode = iommu_fwnode;
  fwspec.ops = ops;
  dev_iommu_fwspec_set(dev, fwspec);
  return 0;
}

/** 2.1 step 2. */
export function iommu_fwspec_free(dev: Device): void {
  const fwspec = dev_iommu_fwspec_get(dev);
  if (!fwspec) return;
  fwspec.iommu_fwnode!.references.put();
  free(fwspec);
  dev_iommu_fwspec_set(dev, null);
}

/** 2.2 step 6: beyond one ID the spec moves. */
export function iommu_fwspec_add_id(dev: Device, id: i32): i32 {
  let fwspec = dev_iommu_fwspec_get(dev);
  if (!fwspec) return -EINVAL;
  const num_ids = fwspec.num_ids;
  if (num_ids == MAX_IDS) return -EINVAL;
  if (num_ids > 0) {
    count('fwspec allocations');
    const moved = new iommu_fwspec();
    memory.copy(changetype<usize>(moved), changetype<usize>(fwspec), offsetof<iommu_fwspec>());
    free(fwspec);
    fwspec = moved;
    dev_iommu_fwspec_set(dev, fwspec);
  }
  fwspec.set_id(num_ids, id);
  fwspec.num_ids = num_ids + 1;
  return 0;
}
