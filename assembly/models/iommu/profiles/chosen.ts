// The driver profiles by number (designs.md section 10): the value of the option `profile`.
import { iommu_ops } from '../iommu-ops';
import { device_driver } from '../objects';
import { apple_dart_driver, apple_dart_ops } from './dart';
import { ipmmu_driver, ipmmu_ops } from './ipmmu';
import { legacy_driver, legacy_ops } from './legacy-no-fwspec';
import { mock_ops } from './mock';
import { rk_iommu_driver, rk_iommu_ops } from './rockchip';
import { arm_smmu_driver, arm_smmu_ops } from './smmu';
import { arm_smmu_by_driver, arm_smmu_by_driver_ops } from './smmu-by-driver';
import { viommu_ops, virtio_iommu_drv } from './virtio';

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

export const PROFILES: i32 = 8;

/** Section 10: the profile's callbacks. */
export function ops_of_profile(profile: Profile): iommu_ops {
  switch (profile) {
    case Profile.smmu_by_driver:
      return arm_smmu_by_driver_ops;
    case Profile.virtio:
      return viommu_ops;
    case Profile.dart:
      return apple_dart_ops;
    case Profile.rockchip:
      return rk_iommu_ops;
    case Profile.ipmmu:
      return ipmmu_ops;
    case Profile.legacy_no_fwspec:
      return legacy_ops;
    case Profile.mock:
      return mock_ops;
    default:
      return arm_smmu_ops;
  }
}

/** Section 10: a driver for the hardware devices of instances; what has none is an smmu. */
export function driver_of_profile(profile: Profile): device_driver {
  switch (profile) {
    case Profile.smmu_by_driver:
      return new arm_smmu_by_driver();
    case Profile.virtio:
      return new virtio_iommu_drv();
    case Profile.dart:
      return new apple_dart_driver();
    case Profile.rockchip:
      return new rk_iommu_driver();
    case Profile.ipmmu:
      return new ipmmu_driver();
    case Profile.legacy_no_fwspec:
      return new legacy_driver();
    default:
      return new arm_smmu_driver();
  }
}
