/** The schedule of docs/schedules.md, as a value and as text. */
import type { Schedule } from '../../src/schedule/schedule.js';

export const EXAMPLE_TEXT = `heddle-schedule 1
model iommu
design v6.6
scene walk-client
option kdump 1
event register 0
event bind 0
event unbind 0
switch 1 of_iommu_configure load DevIommu.fwspec #1 *2 -> 0
switch 0 probe_iommu_group block Mutex -> 1
switch 1 exit -> 2.0
choose 1 smmu_probe_device fault "no memory" = 1
`;

export const EXAMPLE: Schedule = {
  model: 'iommu',
  design: 'v6.6',
  scene: 'walk-client',
  options: { kdump: 1 },
  events: [
    { event: 'register', args: [0] },
    { event: 'bind', args: [0] },
    { event: 'unbind', args: [0] },
  ],
  deviations: [
    {
      task: '1',
      site: { function: 'of_iommu_configure', operation: 'load', field: 'DevIommu.fwspec', ordinal: 1 },
      occurrence: 2,
      target: '0',
    },
    {
      task: '0',
      site: { function: 'probe_iommu_group', operation: 'block', field: 'Mutex', ordinal: 0 },
      occurrence: 1,
      target: '1',
    },
    { task: '1', site: { function: '', operation: 'exit', field: '', ordinal: 0 }, occurrence: 1, target: '2.0' },
  ],
  choices: [
    {
      task: '1',
      site: { function: 'smmu_probe_device', operation: 'fault', field: 'no memory', ordinal: 0 },
      occurrence: 1,
      value: 1,
    },
  ],
};
