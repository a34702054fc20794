// A driver that manages DMA itself and hands the device to user space, which claims the DMA of its group (designs.md 2.9, E10).
import { Mutex } from 'heddle';
import {
  iommu_device_claim_dma_owner,
  iommu_device_release_dma_owner,
  iommu_group_claim_dma_owner,
  iommu_group_release_dma_owner,
} from './dma-owner';
import { EINVAL } from './errno';
import { iommu_group_get, iommu_group_put } from './group';
import { Device, device_driver, iommu_group } from './objects';
import { Past } from './promises/history';

/** Who claims: VFIO claims by the group, iommufd by the device. */
export const enum DmaUser {
  vfio = 0,
  iommufd = 1,
}

const mutex = new Mutex();

/** One driver drives one device. */
@final
export class vfio_driver extends device_driver {
  private group: iommu_group | null = null;
  private claims_of_vfio: i32 = 0;
  private claims_of_iommufd: i32 = 0;

  constructor() {
    super(true);
  }

  /** The group stays as long as user space may open the device. */
  probe(dev: Device): i32 {
    const group = iommu_group_get(dev);
    if (!group) {
      dev.history.set(Past.turned_away, 1);
      return -EINVAL;
    }
    mutex.lock();
    this.group = group;
    mutex.unlock();
    return 0;
  }

  /** 2.9: what is claimed is released first. */
  override remove(dev: Device): void {
    mutex.lock();
    while (this.claims_of_vfio > 0) this.put_claim(dev, DmaUser.vfio);
    while (this.claims_of_iommufd > 0) this.put_claim(dev, DmaUser.iommufd);
    const group = this.group!;
    this.group = null;
    mutex.unlock();
    iommu_group_put(group);
  }

  /** User space opens the device. */
  claim(dev: Device, user: DmaUser): void {
    mutex.lock();
    const group = this.group;
    if (group) this.get_claim(dev, group, user);
    mutex.unlock();
  }

  /** User space closes it. */
  release(dev: Device, user: DmaUser): void {
    mutex.lock();
    const claims = user == DmaUser.vfio ? this.claims_of_vfio : this.claims_of_iommufd;
    if (claims > 0) this.put_claim(dev, user);
    mutex.unlock();
  }

  /** How often user space has claimed the device's DMA; for invariants. */
  claims(): i32 {
    return this.claims_of_vfio + this.claims_of_iommufd;
  }

  private get_claim(dev: Device, group: iommu_group, user: DmaUser): void {
    if (user == DmaUser.vfio) {
      if (iommu_group_claim_dma_owner(group, 1) == 0) this.claims_of_vfio += 1;
    } else if (iommu_device_claim_dma_owner(dev, 2) == 0) {
      this.claims_of_iommufd += 1;
    }
  }

  private put_claim(dev: Device, user: DmaUser): void {
    if (user == DmaUser.vfio) {
      this.claims_of_vfio -= 1;
      iommu_group_release_dma_owner(this.group!);
    } else {
      this.claims_of_iommufd -= 1;
      iommu_device_release_dma_owner(dev);
    }
  }
}
