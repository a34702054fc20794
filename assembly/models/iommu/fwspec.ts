// The records that hang on a device: dev->iommu and the firmware spec in it (designs.md 2.2, 2.4). None of these functions locks.
import { count, fault, free } from 'heddle';
import { chosen } from './designs/chosen';
import { EINVAL, ENOMEM } from './errno';
import { iommu_ops } from './iommu-ops';
import { dev_iommu, Device, device_node, fwspec_ids, iommu_fwspec } from './objects';
import { faults } from './options';
import { dev_iommu_is_created } from './promises/locks';
import { record_is_cleared, record_is_stored } from './promises/memory';

const MAX_IDS: i32 = 4;

/** 2.2 step 3 b: check, then act. Null if there is no memory. */
export function dev_iommu_get(dev: Device): dev_iommu | null {
  let param = dev.iommu;
  if (param) return param;
  if (faults() && fault('no memory for dev_iommu') && dev.excuse()) return null;
  count('dev_iommu allocations');
  param = new dev_iommu();
  dev_iommu_is_created(param);
  dev.iommu = param;
  record_is_stored(dev);
  return param;
}

/** 2.4, failure exit: the pointer is cleared first, then the record freed. */
export function dev_iommu_free(dev: Device): void {
  const param = dev.iommu!;
  dev.iommu = null;
  record_is_cleared(dev);
  const fwspec = param.fwspec;
  if (fwspec) iommu_fwspec_dealloc(fwspec);
  count('dev_iommu frees');
  free(param);
}

/** 2.1 step 1: two plain reads, dev->iommu and what it points to. */
export function dev_iommu_fwspec_get(dev: Device): iommu_fwspec | null {
  const param = dev.iommu;
  return param ? param.fwspec : null;
}

/**
 * 2.4, section 10: the same two reads outside the firmware path, by the probe of a device and by its driver. A function of its own, since the
 * place of a fault tells S1 from others.
 */
export function probed_fwspec_get(dev: Device): iommu_fwspec | null {
  const param = dev.iommu;
  return param ? param.fwspec : null;
}

/** Section 10: the device's fwspec, if it is for this driver. */
export function dev_iommu_fwspec_for(dev: Device, ops: iommu_ops): iommu_fwspec | null {
  const fwspec = probed_fwspec_get(dev);
  if (!fwspec || !chosen.fwspec_has_ops()) return fwspec;
  return fwspec.ops == ops ? fwspec : null;
}

/** Cost of the designs: how often the firmware path looks at dev->iommu. */
export function count_firmware_read(n: i32 = 1): void {
  count('reads of dev->iommu by the firmware path', n);
}

/** 2.2 step 3 c: a store through dev->iommu, which is read for it. */
function dev_iommu_fwspec_set(dev: Device, fwspec: iommu_fwspec | null): void {
  count_firmware_read();
  dev.iommu!.fwspec = fwspec;
}

/** 2.2 step 3 c: a fwspec with room for one ID. Null if there is no memory. */
export function iommu_fwspec_alloc(dev: Device): iommu_fwspec | null {
  if (faults() && fault('no memory for a fwspec') && dev.excuse()) return null;
  count('fwspec allocations');
  return new iommu_fwspec();
}

/** 2.1 step 2, 2.4: the node is put, the memory freed. */
export function iommu_fwspec_dealloc(fwspec: iommu_fwspec): void {
  const iommu_fwnode = fwspec.iommu_fwnode;
  if (iommu_fwnode) iommu_fwnode.references.put();
  const array = chosen.keeps_ids_apart() ? fwspec.array : null;
  if (array) free(array);
  count('fwspec frees');
  free(fwspec);
}

/** 2.2 step 3 c. */
export function iommu_fwspec_assign(fwspec: iommu_fwspec, iommu_fwnode: device_node, ops: iommu_ops | null): void {
  iommu_fwnode.references.get();
  fwspec.iommu_fwnode = iommu_fwnode;
  fwspec.ops = ops;
}

/** 2.2 step 3. Without `ops` the spec is a placeholder: "waits for this instance". */
export function iommu_fwspec_init(dev: Device, iommu_fwnode: device_node, ops: iommu_ops | null): i32 {
  count_firmware_read(2);
  const present = dev_iommu_fwspec_get(dev);
  if (present) return present.ops == ops ? 0 : -EINVAL;
  if (!dev_iommu_get(dev)) return -ENOMEM;
  const fwspec = iommu_fwspec_alloc(dev);
  if (!fwspec) return -ENOMEM;
  iommu_fwspec_assign(fwspec, iommu_fwnode, ops);
  dev_iommu_fwspec_set(dev, fwspec);
  return 0;
}

/** 4.2: the caller's fwspec takes the place of another one. */
export function iommu_fwspec_install(dev: Device, fwspec: iommu_fwspec): void {
  const present = dev.iommu!.fwspec;
  if (present && present != fwspec) iommu_fwspec_dealloc(present);
  dev.iommu!.fwspec = fwspec;
}

/** 2.1 step 2. */
export function iommu_fwspec_free(dev: Device): void {
  count_firmware_read();
  const fwspec = dev_iommu_fwspec_get(dev);
  if (!fwspec) return;
  iommu_fwspec_dealloc(fwspec);
  dev_iommu_fwspec_set(dev, null);
}

/** 2.2 step 6: beyond one ID the spec moves. Section 4: the IDs move, and the spec stays. */
export function iommu_fwspec_add_id(dev: Device, id: i32): i32 {
  count_firmware_read();
  let fwspec = dev_iommu_fwspec_get(dev);
  if (!fwspec) return -EINVAL;
  if (chosen.keeps_ids_apart()) return iommu_fwspec_append_id(fwspec, dev, id);
  const num_ids = fwspec.num_ids;
  if (num_ids == MAX_IDS) return -EINVAL;
  if (num_ids > 0) {
    const moved = iommu_fwspec_alloc(dev);
    if (!moved) return -ENOMEM;
    memory.copy(changetype<usize>(moved), changetype<usize>(fwspec), offsetof<iommu_fwspec>());
    count('fwspec frees');
    free(fwspec);
    fwspec = moved;
    dev_iommu_fwspec_set(dev, fwspec);
  }
  fwspec.set_id(num_ids, id);
  fwspec.num_ids = num_ids + 1;
  return 0;
}

/** Section 4, patches 5 and 9: one ID lies in the spec, more in an array of their own, so that the spec need not move. */
export function iommu_fwspec_append_id(fwspec: iommu_fwspec, dev: Device, id: i32): i32 {
  const num_ids = fwspec.num_ids;
  if (num_ids == MAX_IDS) return -EINVAL;
  if (num_ids > 0) {
    if (faults() && fault('no memory for the IDs of a fwspec') && dev.excuse()) return -ENOMEM;
    count('fwspec allocations');
    const array = new fwspec_ids();
    for (let k = 0; k < num_ids; k++) array.set_id(k, fwspec.get_id(k));
    const old = fwspec.array;
    fwspec.array = array;
    if (old) {
      count('fwspec frees');
      free(old);
    }
  }
  fwspec.set_id(num_ids, id);
  fwspec.num_ids = num_ids + 1;
  return 0;
}
