// What IOMMU drivers keep for a device, dev->iommu->priv, as far as their profiles have it in common (designs.md section 10).
import { count, free } from 'heddle';
import { iommu_fwspec_add_id, iommu_fwspec_append_id } from '../fwspec';
import { iommu_ops } from '../iommu-ops';
import { Device, device_node, driver_data, iommu_device, iommu_domain, iommu_fwspec } from '../objects';
import { legacy_xlate } from '../options';
import { iommu_of_xlate, iommu_probe_info } from '../probe-info';

const MAX_IDS: i32 = 4;

/** Every driver knows the domain that it has attached a device to. */
export class device_data extends driver_data {
  domain: iommu_domain | null = null;
}

/** Drivers that keep IDs of their own. */
export class device_ids extends device_data {
  num_ids: i32 = 0;
  id0: i32 = 0;
  id1: i32 = 0;
  id2: i32 = 0;
  id3: i32 = 0;

  get_id(k: i32): i32 {
    return load<i32>(changetype<usize>(this) + ((<usize>k) << 2), offsetof<device_ids>('id0'));
  }
  /** One more ID; false if there are too many. */
  add_id(id: i32): bool {
    const k = this.num_ids;
    if (k == MAX_IDS) return false;
    store<i32>(changetype<usize>(this) + ((<usize>k) << 2), id, offsetof<device_ids>('id0'));
    this.num_ids = k + 1;
    return true;
  }
}

/** Drivers for which the instance of the first specifier claims the device. */
export class device_specifiers extends device_ids {
  iommu: iommu_device | null = null;

  /** Section 5 step 2: one specifier; false if there are too many. */
  add_specifier(iommu: iommu_device, id: i32): bool {
    if (!this.iommu) this.iommu = iommu;
    return this.add_id(id);
  }
}

/** Cost of the designs: with every allocation of such data. */
export function count_device_data(): void {
  count('driver data allocations');
}

/** Section 10, driver data: by release_device or by the error exit of probe_device. */
export function free_device_data(data: driver_data): void {
  count('driver data frees');
  free(data);
}

/** Section 10, release_device of most: priv is freed. */
export function free_priv(dev: Device): void {
  free_device_data(dev.iommu!.priv!);
}

/** Section 5 step 2: `fn` fills in the data, which were allocated first and go with an error. 0, or that error. */
export function fill_from_firmware(
  pinf: iommu_probe_info,
  ops: iommu_ops,
  fn: (iommu: iommu_device, id: i32, data: driver_data) => i32,
  data: driver_data,
): i32 {
  const ret = iommu_of_xlate(pinf, ops, fn, data);
  if (ret != 0) free_device_data(data);
  return ret;
}

/** Drivers that take specifiers from firmware. */
export abstract class xlate_ops extends iommu_ops {
  override has_of_xlate(): bool {
    return true;
  }
}

/** Those that keep the IDs; dev->iommu->priv is a device_ids. */
export abstract class ids_ops extends xlate_ops {
  override keeps_ids(): bool {
    return true;
  }
  override nr_probed_ids(dev: Device): i32 {
    const data = changetype<device_ids | null>(dev.iommu!.priv);
    return data ? data.num_ids : 0;
  }
  override probed_id(dev: Device, k: i32): i32 {
    return changetype<device_ids>(dev.iommu!.priv).get_id(k);
  }
}

/** Section 10, of_xlate of SMMU and virtio: adds one ID, and section 4: without touching dev->iommu. */
export abstract class fwspec_ops extends ids_ops {
  override of_xlate(dev: Device, iommu: device_node, id: i32): i32 {
    return iommu_fwspec_add_id(dev, id);
  }
  override has_of_xlate_fwspec(): bool {
    return !legacy_xlate();
  }
  override of_xlate_fwspec(fwspec: iommu_fwspec, dev: Device, iommu: device_node, id: i32): i32 {
    return iommu_fwspec_append_id(fwspec, dev, id);
  }
}
