// The bus of the IOMMU selftest (designs.md section 1, E11): its devices have no firmware and no driver.
import { bus_type, Device } from '../objects';

@final
export class iommufd_mock_bus extends bus_type {
  override has_dma_configure(): bool {
    return false;
  }
  dma_configure(dev: Device): i32 {
    return 0;
  }
}
