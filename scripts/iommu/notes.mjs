// Why a measured cell differs from the thread's, and whether what was found besides can happen in the kernel of that design. Written by people,
// shown beside the figures; what has no note is shown as not explained. “Section”: of the facts that the model was written from.

const HALF_LEFT =
  'measured is right: the lock keeps two tasks from seeing a fwspec that is being built, but a bind whose second instance is not ' +
  'on the list yet ends with an error and leaves its fwspec with one ID (2.1: on error it stays); the walk of the second instance ' +
  'then probes the device with that half. S8, seen from the probe';

const NEVER_EMPTY =
  'measured is right: the walk stores dev->iommu, then drops the probe mutex for dma_configure and does not look at ' +
  'dev->iommu_group again (section 6, step 4 b); a second walk, the notifier or a bind in that window does the same, and the two ' +
  'build, use and free one record';

const CHILD_REMOVED =
  'both are right: of the firmware path against a walk, which the table means, the design is free (walk-client was searched to the end). ' +
  'What is shown is E6: a parent whose of_dma_configure for a child fails takes the child away again, and the release (2.7) frees ' +
  'dev->iommu without the probe mutex while the walk of a registering instance has the child pinned';

/** By symptom and design: `S6 v6.15`. */
export const DIFFERENCES = {
  'S1 v6.15': NEVER_EMPTY,
  'S2 v6.15': `${NEVER_EMPTY}. Both then call probe_device`,
  'S1 v6.7': CHILD_REMOVED,
  'S1 decoupled': CHILD_REMOVED,
  'S1 xlate-helper': CHILD_REMOVED,
  'S1 ask-every-driver': CHILD_REMOVED,
  'S3 v6.7': HALF_LEFT,
  'S3 decoupled':
    'both halves of the “~” are right: drivers of the new callback never show a fwspec that is not whole. The mutex round each call of the ' +
    'legacy of_xlate keeps the walk out of that call (the experiments legacy-xlate and no-lock-legacy), not out of the time between two ' +
    'specifiers: with the profile dart the first call stores priv, the second specifier ends in -EINVAL, and the walk of its instance accepts ' +
    'the device with half of its streams (two-specifiers-first)',
  'S9 v6.7':
    'the table has it as reduced: with the mutex no walk comes between two specifiers. But the second instance, which is missing, is an ' +
    'error and no deferral (S8); the client binds, priv stays set (2.1: on error it stays), and the walk of that instance accepts the device ' +
    'with half of its streams',
  'S9 v6.15':
    'a failed parse is undone by freeing dev->iommu only if it was the parse that made it (section 6, step 3). Where the walk had ' +
    'made it, priv survives',
  'S8 v6.15':
    'of a device tree a missing instance always defers, and what was parsed is undone; what is left by ACPI is below',
  'S6 v6.15':
    'measured is right for a child on host1x’s own bus: neither notifier nor walk sees that bus (section 1), so nothing probes the child again ' +
    'when the instance that its of_dma_configure waited for registers. PCI functions, the case of the thread, are grouped as device_add ' +
    'ordered them. A child without a bus is not held to the promise',
};

const inScenes =
  (...names) =>
  ({ scene }) =>
    names.some((name) => scene.startsWith(name));
const walks = inScenes('walk-walk', 'walk-add', 'two-drivers', 'open-coded', 'remove-register');
const isLate = ({ row, title }) =>
  row === 'late-domain' ||
  /^invariant “(?:3: (?:the DMA mode of|the domain of a bound|map and unmap)|12: v6\.15 warns)/.test(title);
const isClaim = ({ title }) => title.includes('is claimed');

/**
 * One entry a fault; the first whose `fits` says yes has the finding. `fits` gets `{ experiment, design, scene, row, kind, title, signature }`.
 * `argument`: can it happen in the kernel of that design, and by which steps.
 */
export const BESIDES = [
  {
    name: 'dma_range_map is made, freed and forgotten by two callers of of_dma_configure at once',
    fits: ({ design, title }) => design === 'v6.15' && title.includes('dma_range_map'),
    argument:
      'Yes. Section 9: the map is made if dev->dma_range_map reads NULL, and stored, without a lock, before of_iommu_configure takes ' +
      'the probe mutex. Before v6.15 only the bind came there, under the device’s lock; now the walk does, too (section 6, step 4 b), ' +
      'and holds nothing: both make one (a leak), or the deferral of one frees the map that unbind of the other frees again.',
  },
  {
    name: 'v6.15: the driver’s flag is read through dev->driver, which was NULL a moment ago',
    fits: ({ design, title }) => design === 'v6.15' && title.includes('driver_managed_dma'),
    argument:
      'Yes, as the facts list the steps (section 9): the bus computes the address of its driver structure from dev->driver before the ' +
      'firmware part, and tests dev->driver again after it. really_probe of a client stores dev->driver without any lock that the ' +
      'walk holds. One preemption.',
  },
  {
    name: 'v6.15: a bind that comes while the walk parses takes itself for the core, and its driver starts without a group',
    fits: (finding) =>
      finding.design === 'v6.15' && (isLate(finding) || isClaim(finding)) && finding.experiment !== 'faults-dart',
    argument:
      'Yes. The walk stores dev->iommu (section 6, step 4 a) and drops the mutex. A bind then finds dev->iommu non-NULL, which step 3 ' +
      'reads as “the caller is the core”: no replay. dev->iommu_group is still NULL, so iommu_device_use_default_domain succeeds, the ' +
      'driver maps for direct DMA, and the walk attaches a translating domain and changes the mode under it; the “late probe” warning ' +
      'blames an open-coded caller where there is none. One preemption, no second instance. -EPROBE_DEFER of step 6 covers only a ' +
      'group without default domain, not the time before there is a group.',
  },
  {
    name: 'v6.15: a child on host1x’s own bus is not probed when its instance registers',
    fits: ({ design, scene, row }) => design === 'v6.15' && scene === 'open-coded-host1x' && row === 'S6',
    argument:
      'Yes, no race needed: of_dma_configure of the child ends in a deferral that its caller drops (section 1, E6, before device_add), and ' +
      'neither notifier nor walk sees that bus. The promise counts devices without a driver, so the design is not free of S6 there.',
  },
  {
    name: 'a walk makes dev->iommu for a device that is being removed',
    fits: ({ row }) => row === 'late-record',
    argument:
      'Yes: the release (2.7, no probe mutex) reads dev->iommu and finds it NULL; the walk has the device pinned (section 1, device_del step 3), ' +
      'makes one and claims the device, whose sysfs directory is still there. Nobody frees it. These are not two creators at once, which is S4.',
  },
  {
    name: 'v6.15: two tasks are in iommu_init_device for one device',
    fits: (finding) => finding.design === 'v6.15' && walks(finding) && finding.row !== 'S7',
    argument:
      'Yes. The walk stores dev->iommu, then drops the probe mutex for dma_configure, and does not look at dev->iommu_group again (section ' +
      '6, step 4 b); a second walk or the notifier does the same in that window. S2 is what it does first; leaks of driver data and module ' +
      'references, a sysfs link that is there already (so that the whole registration fails), and uses of a freed record, group or ' +
      'instance follow from it. A second look at dev->iommu_group after the mutex is taken again would end it.',
  },
  {
    name: 'v6.15 by ACPI: half a fwspec is taken for a whole one',
    fits: ({ design, experiment }) => design === 'v6.15' && experiment === 'acpi',
    argument:
      'Yes, no race needed. Section 6, step 3: acpi_iommu_configure_id undoes nothing on error and returns success for any fwspec ' +
      'that is there. Instance 2 missing, the first attempt leaves one ID; the next takes it for the whole.',
  },
  {
    name: 'ACPI: the first ID stays when the second instance is missing',
    fits: ({ experiment }) => experiment === 'acpi',
    argument:
      'Yes: 2.3 makes no placeholder and undoes nothing; the fwspec of the first ID has ops, so the next attempt returns early.',
  },
  {
    name: 'v6.15: the walk of an instance’s own registration needs what its driver stores only later',
    fits: ({ design, experiment }) => design === 'v6.15' && ['by-driver', 'rockchip'].includes(experiment),
    argument:
      'Yes for a driver that is left as it was (section 10): the walk now parses firmware and calls of_xlate and probe_device from ' +
      'inside iommu_device_register, before the hardware device is on its driver’s list or the platform-wide pointer is stored. No ' +
      'race needed. Before v6.15 no walk came that far without a fwspec from a bind. Such drivers have to be changed together with ' +
      'the core.',
  },
  {
    name: 'a driver’s search for its instance comes before the instance can be found',
    fits: ({ experiment }) => ['by-driver', 'rockchip'].includes(experiment),
    argument: 'Yes: the same window (register first, store later, section 10), but it takes a bind between the two.',
  },
  {
    name: 'decoupled: a second bind loses the fwspec of a driver that keeps of_xlate',
    fits: ({ design, experiment }) => design === 'decoupled' && experiment === 'rebind-legacy',
    argument:
      'Yes, no race needed. 4.1 step 2: every bind parses anew; the legacy path frees the fwspec that is installed, lends the local ' +
      'one for the call, and stores NULL afterwards. The device is in a group already, so 4.2 frees the caller’s fwspec, too: a ' +
      'grouped device without IDs, which attach_dev then reads.',
  },
  {
    name: 'a default domain is freed while arch_setup_dma_ops reads its type',
    fits: ({ experiment, title }) =>
      experiment === 'set-type' && /iommu_domain|arch_setup_dma_ops|default_domain/.test(title),
    argument:
      'Yes up to v6.7’s successors that still have arch_setup_dma_ops read group->domain without a lock (section 9, step 4: only a ' +
      'reference to the group is held). E9 holds group->mutex, finds owner_cnt 0 because the bind has not come to ' +
      'iommu_device_use_default_domain yet, and frees the old domain (2.6). v6.15 chooses the mode under group->mutex and does not ' +
      'have this one.',
  },
  {
    name: 'the type of the default domain changes between the choice of the DMA mode and the use of the domain',
    fits: ({ experiment }) => experiment === 'set-type',
    argument: 'Yes: between arch_setup_dma_ops and owner_cnt++ nothing keeps E9 out (sections 2.6, 9).',
  },
  {
    name: 'the selftest’s mock driver takes a device that is not its own',
    fits: ({ experiment, row }) => experiment === 'mock' && row === 'S12',
    argument:
      'Yes where every driver is asked (section 5): the mock driver accepts whatever it is asked about (section 10). Only on machines ' +
      'that run the selftest. v6.15 asks it for its own bus.',
  },
  {
    name: 'an injected error fails a registration while others use the instance',
    fits: ({ experiment }) => experiment === 'faults-dart',
    argument:
      'Yes, if an allocation or callback fails at that moment. An error unwinds the whole registration (2.4): every device that the ' +
      'instance has claimed is released, without the probe mutex (2.7), and the instance’s memory goes with the failed probe of its ' +
      'driver; whoever has looked the instance up meanwhile holds no reference to it. No design takes a reference, so all show it; ' +
      'excused are the task and device that the error was injected into, not these others.',
  },
  {
    name: 'a release does not take the probe mutex',
    fits: ({ row, scene, design }) =>
      row === 'release-race' ||
      inScenes('remove', 'unregister', 'rebind-remove')({ scene }) ||
      (['v6.7', 'decoupled', 'xlate-helper', 'ask-every-driver'].includes(design) && scene === 'open-coded-after'),
    argument:
      'Yes in every design: 2.7 reads dev->iommu and frees it without the probe mutex (2.8 without any), and by the time of E2 a walk ' +
      'may have the device pinned and be probing it: device_del unlinks the device from the bus, which does not wait for a walk that ' +
      'is already there (section 1). What the walk builds afterwards is never released.',
  },
  {
    name: 'E6: a child’s firmware path runs while the child is added, without the child’s lock',
    fits: inScenes('open-coded'),
    argument:
      'Yes: this is the caller that Jason names. The replay of of_dma_configure and the notifier or walk are two tasks on one device, ' +
      'and what probe_finalize (2.4) or the caller’s re-read does afterwards is under no lock; v6.7’s mutex ends before either.',
  },
  {
    name: 'the driver starts between two steps of the walk: no group, no default domain, not counted, or not claimed yet',
    fits: (finding) => isLate(finding) || isClaim(finding),
    argument:
      'Yes in each design but v6.15 and, for the first window, those without bus ops. Two windows of iommu_device_register are ' +
      'outside the probe mutex: between the append to iommu_device_list and the store of bus->iommu_ops the replay gets -ENODEV, ' +
      'which is dropped (2.1 step 6); between the walk’s probe of the client and iommu_setup_default_domain the group has no default ' +
      'domain, so the mode stays direct (section 9 step 4). iommu_device_use_default_domain then counts nothing, or counts against no ' +
      'domain, and the walk attaches a translating domain to a device whose driver has mapped for direct DMA. v6.15’s -EPROBE_DEFER ' +
      '(section 6 step 6) is the answer to the second. A bind that looks at dev->iommu_group between its store and that of iommu_dev ' +
      '(2.4 step 4 f) sees a group of nobody.',
  },
  {
    name: 'S13: a release of a device that nobody claimed',
    fits: ({ row }) => row === 'S13',
    argument:
      'Yes in v6.1 (2.8): iommu_release_device tests dev->iommu, then goes through dev->iommu->iommu_dev, which a firmware path ' +
      'without probe leaves NULL. Known since the review remark of July 2022; v6.5 and later test it (2.7).',
  },
  {
    name: 'v6.1: what two probes of one device leave behind',
    fits: ({ design }) => design === 'v6.1',
    argument:
      'Yes: with no mutex round __iommu_probe_device (2.8) both tasks get through; groups, domains, driver data and module references ' +
      'of the one that loses are never given back, attach callbacks of one group overlap, and members of a group translate through ' +
      'different domains. S2 in other places; the mutex of v6.2 is the answer.',
  },
  {
    name: 'v6.6: what a lost dev->iommu takes with it',
    fits: ({ design }) => design === 'v6.6',
    argument:
      'Yes: S1, S4 and S5 in other places. The record, the fwspec or the node’s reference that belonged to the overwritten dev->iommu ' +
      'is reached no more; a replay that finds the record of the failed probe gone leaves the client without group.',
  },
  {
    name: 'decoupled: an instance that is missing is an error, the client binds, and nobody probes it again',
    fits: ({ design, scene }) => design === 'decoupled' && scene.startsWith('two-specifiers'),
    argument:
      'Yes, in the series as posted: S8’s -EINVAL (4.1 step 2) is dropped, the fwspec is freed, and later walks find nothing to probe ' +
      'with. With the agreed deferral (option agreed-deferral) it is gone.',
  },
  {
    name: 'v6.7: half a fwspec is left, and probed',
    fits: ({ design, scene }) => design === 'v6.7' && scene.startsWith('two-specifiers'),
    argument: `Yes: ${HALF_LEFT}.`,
  },
  {
    name: 'v6.15: priv outlives a parse that fails',
    fits: ({ design, scene }) => design === 'v6.15' && scene.startsWith('two-specifiers'),
    argument:
      'Yes, with drivers whose of_xlate allocates: the undo frees what the parse created in dev->iommu and the fwspec (section 6 step ' +
      '3), not what of_xlate has stored in priv.',
  },
];
