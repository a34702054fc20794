// E11: the IOMMU selftest's bus, device and instance (designs.md section 1).
import { Ghost, Notifier } from 'heddle';
import { iommu_bus_exit, iommu_bus_init } from './iommu-bus-notifier';
import { iommufd_mock_bus_type, mock_place } from './machine';
import { iommufd_test_exit, iommufd_test_init } from './profiles/mock';
import { device_add } from './device';
import { Device } from './objects';

/** Of the module that is the test: 1 while it is loaded. It cannot be unloaded before. */
const loaded = new Ghost();
/** The record that it registers. */
let notifier: Notifier<Device> | null = null;

/** For the set-up of a scene: the test's device is there before its IOMMU. */
export function mock_device_present(): void {
  const dev = mock_place.create();
  device_add(dev);
  mock_place.occupy(dev);
}

/** E11: the IOMMU core watches this bus from now on; then the instance joins the list and walks it. No lock is held. */
export function run_mock_test(): void {
  notifier = iommu_bus_init(iommufd_mock_bus_type);
  loaded.set(iommufd_test_init(iommufd_mock_bus_type) == 0 ? 1 : 0);
}

/** E11: the test ends, in the opposite order; no lock is held. */
export function end_mock_test(): void {
  if (loaded.get() == 0) return;
  loaded.set(0);
  iommufd_test_exit();
  iommu_bus_exit(iommufd_mock_bus_type, notifier!);
}
