// The driver profiles by number (designs.md section 10): the value of the option `profile`.
import { device_driver } from '../objects';
import { apple_dart_driver } from './dart';
import { ipmmu_driver } from './ipmmu';
import { legacy_driver } from './legacy-no-fwspec';
import { rk_iommu_driver } from './rockchip';
import { arm_smmu_driver } from './smmu';
import { arm_smmu_by_driver } from './smmu-by-driver';
import { virtio_iommu_drv } from './virtio';

export const enum Profile {
  smmu = 0,
  smmu_by_driver = 1,
  virtio = 2,
  dart = 3,
  rockchip = 4,
  ipmmu = 5,
  legacy_no_fwspec = 6,
  /** Has no hardware device: its instance belongs to the test of E11. */
  mock = 7,
}

/** A driver for the hardware devices of instances; what has none is an smmu. */
export function driver_of_profile(profile: Profile): device_driver {
  switch (profile) {
    case Profile.smmu_by_driver:
      return new arm_smmu_by_driver();
    case Profile.virtio:
      return new virtio_iommu_drv();
    case Profile.dart:
      return new apple_dart_driver(false);
    case Profile.rockchip:
      return new rk_iommu_driver(false);
    case Profile.ipmmu:
      return new ipmmu_driver(false);
    case Profile.legacy_no_fwspec:
      return new legacy_driver(false);
    default:
      return new arm_smmu_driver(false);
  }
}
