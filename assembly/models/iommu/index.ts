// The Linux IOMMU device-probe subsystem: how a device finds its IOMMU while the IOMMU's own driver is still arriving. Written from
// facts about the kernel, not from its code; docs/iommu-model.md says what is modelled and what was chosen.
import { design, option } from 'heddle';
import { register_invariants } from './invariants';
import { register_scenes } from './scenes';
import { register_symptoms } from './symptoms';

export function register(): void {
  design('v6.6', 'D0c: the probe mutex covers the probe, the firmware path is outside any lock');
  design('v6.7', 'D1: the probe mutex covers the firmware path too');
  option('give-up', 0, 0, 1);
  option('kdump', 0, 0, 1);
  option('faults', 0, 0, 1);
  register_scenes();
  register_invariants();
  register_symptoms();
}
