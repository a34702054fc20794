// E11: the IOMMU selftest's bus, device and instance (designs.md section 1).
import { iommu_bus_init } from './iommu-bus-notifier';
import { iommufd_mock_bus_type, mock_place } from './machine';
import { iommufd_test_init } from './profiles/mock';
import { device_add } from './device';

/** For the set-up of a scene: the test's device is there before its IOMMU. */
export function mock_device_present(): void {
  const dev = mock_place.create();
  device_add(dev);
  mock_place.occupy(dev);
}

/** E11: the IOMMU core watches this bus from now on; then the instance joins the list and walks it. No lock is held. */
export function run_mock_test(): void {
  iommu_bus_init(iommufd_mock_bus_type);
  iommufd_test_init(iommufd_mock_bus_type);
}
