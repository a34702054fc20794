// How PCI devices are created (designs.md section 9): bridges before what is behind them; the IOMMU core hears of a device before its late
// quirks have run.
import { device_add } from './device';
import { device_initial_probe } from './dd';
import { Device } from './objects';
import { acs, late_quirk } from './options';
import { pci_dev } from './pci-device';

@final
class pci_state {
  acs_requested: bool = false;
}
const state = new pci_state();

/** For promise 6. */
export function acs_is_requested(): bool {
  return state.acs_requested;
}

/** Section 9: from now on the ACS of what is created is switched on. */
export function pci_request_acs(): void {
  if (acs()) state.acs_requested = true;
}

/** Section 9, option `acs`. */
function pci_acs_init(pci: pci_dev): void {
  if (acs() && state.acs_requested && pci.position.isolates) pci.acs_enabled = true;
}

/** Section 9: early quirks, ACS, device_add. No driver is looked for yet. */
export function pci_device_add(dev: Device): i32 {
  const pci = dev.pci!;
  if (!late_quirk()) pci.quirk = true;
  pci_acs_init(pci);
  pci.position.set_dev(dev);
  return device_add(dev);
}

/** Section 9: late quirks, then the driver. */
export function pci_bus_add_device(dev: Device): void {
  const pci = dev.pci!;
  if (late_quirk()) pci.quirk = true;
  pci.match_driver = true;
  device_initial_probe(dev);
}

/** Section 9, option `late-quirk`: what every driver's probe_device reads of a PCI device that it accepts. */
export function pci_read_quirk(dev: Device): void {
  const pci = dev.pci;
  if (pci && late_quirk()) pci.quirk_read.set(pci.quirk ? 1 : 0);
}
