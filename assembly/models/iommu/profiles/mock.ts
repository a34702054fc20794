// The driver profile `mock` of designs.md section 10: the IOMMU of a test, for the bus of that test (E11).
import { fault, free } from 'heddle';
import { chosen } from '../designs/chosen';
import { ENODEV, ENOMEM, ERR_PTR } from '../errno';
import { generic_device_group } from '../group';
import { Grouping, iommu_ops } from '../iommu-ops';
import { iommu_device_register_bus, iommu_device_unregister_bus } from '../iommu-register';
import { bus_type, Device, iommu_device, iommu_domain, iommu_group } from '../objects';
import { excuse_nobody, faults } from '../options';
import { iommu_probe_info } from '../probe-info';

/** The test's instance and its bus; null before and after. */
let mock_iommu: iommu_device | null = null;
let mock_bus: bus_type | null = null;

@final
class mock_ops_class extends iommu_ops {
  override probe_device(dev: Device, pinf: iommu_probe_info | null): iommu_device {
    const foreign = chosen.drivers_check_bus() && (!dev.has_bus || dev.bus != mock_bus);
    return foreign ? ERR_PTR<iommu_device>(-ENODEV) : changetype<iommu_device>(mock_iommu);
  }
  override release_device(dev: Device): void {}
  override device_group(dev: Device): iommu_group {
    return generic_device_group(dev);
  }
  override groups_by(): Grouping {
    return Grouping.device;
  }
  override recognises(dev: Device): bool {
    return dev.has_bus && dev.bus == mock_bus;
  }
  override attach_dev(domain: iommu_domain, dev: Device): i32 {
    return 0;
  }
}

export const mock_ops = new mock_ops_class();

/** E11: the test's set-up. 0, or an error. */
export function iommufd_test_init(bus: bus_type): i32 {
  if (faults() && fault('no memory for an instance') && excuse_nobody()) return -ENOMEM;
  const iommu = new iommu_device();
  mock_bus = bus;
  mock_iommu = iommu;
  const ret = iommu_device_register_bus(iommu, mock_ops, bus);
  if (ret != 0) forget(iommu);
  return ret;
}

/** E11: nothing of the test's instance is left. */
function forget(iommu: iommu_device): void {
  mock_iommu = null;
  mock_bus = null;
  free(iommu);
}

/** E11: its end. */
export function iommufd_test_exit(): void {
  const iommu = mock_iommu!;
  iommu_device_unregister_bus(iommu, mock_bus!);
  forget(iommu);
}
