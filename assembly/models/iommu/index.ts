// The Linux IOMMU device-probe subsystem: how a device finds its IOMMU while the IOMMU's own driver is still arriving. Written from
// facts about the kernel, not from its code; docs/iommu-model.md says what is modelled and what was chosen.
import { design } from 'heddle';
import { register_events } from './events';
import { register_invariants } from './invariants';
import { register_options } from './options';
import { register_scenes } from './scenes';
import { register_symptoms } from './symptoms';

/** What the model consists of. */
export function register(): void {
  design('v6.1', 'D0a: no mutex around the probe of a device');
  design('v6.6', 'D0c: the probe mutex covers the probe, the firmware path is outside any lock');
  design('v6.7', 'D1: the probe mutex covers the firmware path too');
  design('decoupled', 'D2: the firmware path builds a fwspec of its own, which the probe takes over');
  design('xlate-helper', 'D3: no fwspec; the driver reads firmware in its probe_device');
  design('ask-every-driver', 'D5: as xlate-helper, and every driver is asked in turn');
  design('v6.15', 'D4: the probe of a device parses its firmware itself');
  register_options();
  register_events();
  register_scenes();
  register_invariants();
  register_symptoms();
}
