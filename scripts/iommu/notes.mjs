// Why a measured cell differs from the thread's, and whether what was found besides can happen in the kernel of that design. Written by people,
// shown beside the figures; what has no note is shown as not explained. “Section”: of the facts that the model was written from.

const HALF_LEFT =
  'measured is right: the lock keeps two tasks from seeing a fwspec that is being built, but a bind whose second instance is not ' +
  'on the list yet ends with an error and leaves its fwspec with one ID (2.1: on error it stays); the walk of the second instance ' +
  'then probes the device with that half. S8, seen from the probe';

const NEVER_EMPTY =
  'measured is right: the walk stores dev->iommu, then drops the probe mutex for dma_configure and does not look at ' +
  'dev->iommu_group again (section 6, step 4 b). In that window a second walk finds group and record as the first has left them, and the two ' +
  'build, use and free one record (corpus, walk-walk)';

const LEAVES =
  'both are right: of the firmware path against a failing probe, which the table means, the design is free. What is shown elsewhere is a release: an ' +
  'instance that leaves (rebind-unregister) frees dev->iommu and the fwspec without the probe mutex (2.7), while a client that is bound ' +
  'again looks at them in its firmware path. Section 1 has E4 only without bound clients, which is so between an unbind and the next bind';

/** By symptom and design: `S6 v6.15`. */
export const DIFFERENCES = {
  'S1 v6.7': LEAVES,
  'S1 v6.15': `${LEAVES}. Two walks that use one record do so in the probe (S2, record-race), not in the firmware path`,
  'S1 decoupled':
    'both are right: drivers of the new callback never have their fwspec in dev->iommu while it is made. What is shown elsewhere are drivers that keep ' +
    'of_xlate: an injected error fails the registration, whose unwinding frees dev->iommu (2.7, no mutex) under the call (4.1 step 2)',
  'S2 v6.15':
    `${NEVER_EMPTY}: when the mutex is taken again, the device is in a group already, and probe_device is called once more. ` +
    'Its sysfs link is there, so the second registration fails, and its failure exit frees the record that the group uses',
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
    'a failed parse is undone by freeing dev->iommu only if it was the parse that made it (section 6, step 3). The trace of faults-dart: the ' +
    'walk makes it and drops the mutex; the bind’s first of_xlate stores priv, the second instance is missing, the undo frees the fwspec and ' +
    'leaves priv; the walk of the second instance goes on with that record. It takes both registrations as events, which only that scene has, ' +
    'and an injected error in the first walk’s dma_configure',
  'S8 v6.15':
    'of a device tree a missing instance always defers, and what was parsed is undone; what is left by ACPI is below. faults-dart: ' +
    'of_iommu_xlate looks the instance up twice (section 6, steps 1 and 2); one that leaves the list in between, because its registration ' +
    'fails, is a deferral to neither look-up but -ENODEV to the second, and the bind goes on without translation',
  'S6 v6.15':
    'measured is right for a child on host1x’s own bus: neither notifier nor walk sees that bus (section 1), so nothing probes the child again ' +
    'when the instance that its of_dma_configure waited for registers. PCI functions, the case of the thread, are grouped as device_add ' +
    'ordered them. A child without a bus is not held to the promise',
};

const inScenes =
  (...names) =>
  ({ scene }) =>
    names.some((name) => scene.startsWith(name));
const walks = inScenes('walk-walk', 'walk-add', 'two-drivers', 'open-coded', 'faults-two-specifiers');
const leaves = inScenes('unregister', 'remove-unregister', 'rebind-unregister');
/** The release of a device is one of the tasks. In open-coded-after the parent’s bind ends in one, which its switches tell. */
const releases = ({ scene, switches = '' }) =>
  inScenes('remove', 'rebind-remove')({ scene }) ||
  (scene === 'open-coded-after' && /bus_remove_device|device_del|iommu_release_device/.test(switches));
/** Injected where it makes a registration fail; errors of the client’s own bind are excused, and other faults are found beside them. */
const failsRegistration = ({ experiment, scene, switches = '' }) => {
  if (experiment !== 'faults-dart') return false;
  const [, task] = /\bchoose (\d+) (?!call_driver_probe|call_dma_configure)\S+ fault/.exec(switches) ?? [];
  const bind = scene === 'faults-two-specifiers' ? '2' : '1';
  return task !== undefined && task !== bind;
};
/** What the walk does between the probe of a device and the end of its second half. */
const isSecondHalf = ({ title }) =>
  /(?:setup_walked_group|legacy_probe_finalize|iommu_get_default_domain_type|iommu_change_default_domain|__iommu_group_set_domain) \(/.test(
    title,
  );
const isLate = ({ row, title }) =>
  row === 'late-domain' ||
  /^invariant “(?:3: (?:the DMA mode of|the domain of a bound|map and unmap)|12: v6\.15 warns)/.test(title);
const isClaim = ({ title }) => title.includes('is claimed');

/**
 * One entry a fault; the first whose `fits` says yes has the finding. `fits` gets `{ experiment, design, scene, row, kind, title, signature,
 * switches }`.
 * `argument`: can it happen in the kernel of that design, and by which steps. `of`: the experiment that shows it, if older results have it not.
 */
export const BESIDES = [
  {
    name: 'a walk takes the DMA of a group from its owner',
    of: 'owners',
    fits: ({ title }) =>
      /“3: (the members of a group whose DMA has an owner|the domain of a device that its driver manages)/.test(title),
    argument:
      'Yes, where a driver that manages DMA itself is bound before the IOMMU is there. The walk puts its device into a group, lets go of the group’s ' +
      'mutex, and comes back for the default domain later (2.4, bus_iommu_probe). In between the group has no domain, which a claim allows (2.9): it ' +
      'attaches the blocking domain and stores the owner. Setting up the default domain does not ask for an owner (2.6), so the walk attaches it over ' +
      'the blocking one: DMA passes while user space takes it for blocked.',
  },
  {
    name: 'of_xlate keeps a reference to its instance’s device although all goes well',
    of: 'walk-dart',
    fits: ({ row }) => row === 'kept-reference',
    argument:
      'Yes, no race needed: the look-up of the instance’s platform device gives a reference that dart and ipmmu never put (2.2 step 6, section 10). ' +
      'Those of a configuration that fails are S7.',
  },
  {
    name: 'S13: a release of a device that nobody claimed',
    fits: ({ row, design }) => row === 'S13' && design === 'v6.1',
    argument:
      'Yes in v6.1 (2.8): iommu_release_device tests dev->iommu, then goes through dev->iommu->iommu_dev, which a firmware path without probe ' +
      'leaves NULL. No race needed: a deferred bind leaves its placeholder, and the device is removed (remove-bind). Known since the review ' +
      'remark of July 2022; v6.5 and later test it (2.7).',
  },
  {
    name: 'dma_range_map is made, freed and forgotten by two callers of of_dma_configure at once',
    fits: ({ design, title }) => design === 'v6.15' && title.includes('dma_range_map'),
    argument:
      'Yes. Section 9: the map is made if dev->dma_range_map reads NULL, and stored, without a lock, before of_iommu_configure takes the probe ' +
      'mutex. Before v6.15 only the bind came there, under the device’s lock; now the walk does, too (section 6, step 4 b), and holds nothing: ' +
      'both make one (a leak); or the walk makes it, a bind that is deferred meanwhile frees what dev->dma_range_map holds ' +
      '(device_unbind_cleanup), and the walk, deferred too, frees its own map again.',
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
    name: 'v6.15: a node-less instance’s walk warns of its own hardware device',
    fits: ({ design, experiment, title }) =>
      design === 'v6.15' && experiment === 'remove-grouped' && title.includes('12: v6.15 warns'),
    argument:
      'Yes, no race needed. The walk comes from inside the probe of the instance’s driver, so dev->driver of the hardware device is set ' +
      '(section 1, really_probe step 2); it has no fwspec, so step 4 c gives it the ops of the first node-less instance, which is the one that ' +
      'registers, and step 4 d warns before probe_device says -ENODEV. Any other bound device of that bus without fwspec gets the same warning.',
  },
  {
    name: 'v6.15: a bind that comes while the walk parses takes itself for the core, and its driver starts without a group',
    fits: (finding) =>
      finding.design === 'v6.15' &&
      (isLate(finding) || isClaim(finding)) &&
      !failsRegistration(finding) &&
      !leaves(finding),
    argument:
      'Yes. The walk stores dev->iommu (section 6, step 4 a) and drops the mutex. A bind then finds the fwspec that the walk has parsed, and ' +
      'has success at once, or finds dev->iommu alone non-NULL, which step 3 reads as “the caller is the core”: no replay either way. ' +
      'dev->iommu_group is still NULL, so iommu_device_use_default_domain succeeds, the driver maps for direct DMA, and the walk attaches a ' +
      'translating domain and changes the mode under it; the “late probe” warning blames an open-coded caller where there is none. One ' +
      'preemption, no second instance. -EPROBE_DEFER of step 6 covers only a group without default domain, not the time before there is a group.',
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
    name: 'v6.15 by ACPI: a device that is bound while the walk is at it stays without a group',
    of: 'acpi-walk',
    fits: ({ design, experiment, row }) => design === 'v6.15' && experiment === 'acpi-walk' && row === 'S6',
    argument:
      'Yes, with one preemption: the walk has made dev->iommu and finds dev->driver set by the bind, so it parses nothing itself, finds no fwspec yet and ' +
      'gives up (section 6, step 4 b and c). The bind then parses, and acpi_iommu_configure_id has no replay (step 3): nobody probes the device again.',
  },
  {
    name: 'v6.15 by ACPI: half a fwspec is taken for a whole one',
    fits: ({ design, experiment }) => design === 'v6.15' && experiment === 'acpi',
    argument:
      'Yes, no race needed. Section 6, step 3: acpi_iommu_configure_id undoes nothing on error and returns success for any fwspec that is ' +
      'there. Instance 2 missing, the first attempt, here the walk’s own, leaves one ID; the walk ignores the result (step 4 b) and claims the ' +
      'device with it, and the bind takes it for the whole.',
  },
  {
    name: 'ACPI: the first ID stays when the second instance is missing',
    fits: ({ experiment, row }) => experiment === 'acpi' && row === 'S3',
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
    fits: ({ experiment, title }) =>
      ['by-driver', 'rockchip'].includes(experiment) && /stream_mask|rk_iommu_of_xlate/.test(title),
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
      'Yes in each design but v6.15 and v6.1: arch_setup_dma_ops reads group->domain without a lock (section 9, step 4: only a reference to the ' +
      'group is held). E9 holds group->mutex, finds owner_cnt 0 because the bind has not come to iommu_device_use_default_domain yet, and frees ' +
      'the old domain (2.6). In v6.1 E9 holds the device’s lock, as the bind does (section 1). v6.15 chooses the mode under group->mutex and ' +
      'does not have this one.',
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
      'Yes where every driver is asked (section 5): the device’s own driver refuses the notifier’s probe, which comes without a bind, ' +
      'the mock driver is asked next and accepts whatever it is asked about (section 10), and the bind finds the device grouped. ' +
      'Only on machines that run the selftest. v6.15 asks it for its own bus.',
  },
  {
    name: 'a failed configuration leaves dev->iommu and the fwspec',
    fits: ({ title }) => title.includes('8: a failed configuration leaves no dev->iommu'),
    argument:
      'Yes: 2.1 step 6 (decoupled: 4.1 step 2) says that they stay. An error of of_xlate does it. So does, without any error of a driver, the ' +
      'replay for a child on host1x’s own bus: nobody sets bus ops for a bus that is not watched (section 1), and 2.4 step 1 gives -ENODEV, ' +
      'which is dropped.',
  },
  {
    name: 'the walk accepts the priv of an of_xlate that has failed',
    fits: ({ experiment, switches = '' }) => experiment === 'faults-dart' && /append_stream fault/.test(switches),
    argument:
      'Yes, with a driver that stores priv before its last error (section 10, dart): the bind drops the error, priv stays without a stream, ' +
      'and the walk’s probe_device looks at priv only. It then asks for the instance of the first stream, which is not there. S9 of one instance.',
  },
  {
    name: 'an injected error fails a registration while others use the instance',
    fits: (finding) => failsRegistration(finding),
    argument:
      'Yes, if an allocation or callback fails at that moment. An error unwinds the whole registration (2.4): every device that the ' +
      'instance has claimed is released, without the probe mutex (2.7), and the instance’s memory goes with the failed probe of its ' +
      'driver; whoever has looked the instance up meanwhile holds no reference to it. No design takes a reference, so all show it; ' +
      'excused are the task and device that the error was injected into, not these others.',
  },
  {
    name: 'v6.1: a bind whose attach fails releases the device under a walk that has collected its group',
    fits: ({ design, experiment, switches = '' }) =>
      design === 'v6.1' && experiment === 'faults-dart' && /call_attach_dev fault/.test(switches),
    argument:
      'Yes, if the attach of iommu_probe_device fails: 2.8 has it end in iommu_release_device, without any lock. The group’s last reference ' +
      'goes with its only member, while the walk has it on its list or is at its members.',
  },
  {
    name: 'v6.15: the DMA mode outlives the group',
    fits: (finding) => finding.design === 'v6.15' && leaves(finding) && finding.title.includes('3: the DMA mode is'),
    argument:
      'Yes, no race needed. Section 9: only the walk’s probe and the default domain’s set-up write the mode; “unbind, release do not”. An ' +
      'instance that leaves releases its devices (E4), their groups and domains are freed, and the mode stays “iommu”: dma_map of the next ' +
      'driver reads a NULL group (section 9, client driver’s probe). Section 1 has E4 only without bound clients, and by hand these drivers ' +
      'cannot be unbound; what is left is a registration that fails after it has set domains up.',
  },
  {
    name: 'two releases of one device do not exclude each other',
    fits: (finding) => finding.row === 'release-race' && leaves(finding),
    argument:
      'Yes: E2 and E4 both come to 2.7, which reads dev->iommu and frees it without the probe mutex; remove_iommu_group reads it before that ' +
      'without any lock. The walk of E4 has the device pinned, so the removal does not wait. Both free one record and its fwspec.',
  },
  {
    name: 'an instance leaves while a client of it binds, or is removed',
    fits: leaves,
    argument:
      'Yes, if an instance can leave at all: section 1 has E4 as an event only without bound clients, and says that these drivers suppress ' +
      'manual unbinding; the other way to it is a registration that fails (above). iommu_device_unregister releases the devices first and ' +
      'leaves iommu_device_list last (2.4), and takes neither a client’s lock nor, in 2.7, the probe mutex. A bind between the two claims for ' +
      'an instance whose memory goes with its driver; one before the walk comes by is released under its driver, with group, domain and ' +
      'owner_cnt.',
  },
  {
    name: 'S11 in other places: the second half of a walk has neither the probe mutex nor a reference to the group',
    fits: (finding) => releases(finding) && isSecondHalf(finding),
    argument:
      'Yes in every design: after its walk bus_iommu_probe goes through the groups that it has collected (2.4, 2.6; 2.8). The probe mutex is ' +
      'dropped by then, the list holds no reference, and probe_finalize is called for members without group->mutex. A device that is removed in ' +
      'between takes its group, which it was alone in, and the last reference to itself with it (2.7). To take the probe mutex in the release ' +
      'would not help.',
  },
  {
    name: 'a release does not take the probe mutex',
    fits: (finding) => finding.row === 'release-race' || releases(finding),
    argument:
      'Yes in every design: 2.7 reads dev->iommu and frees it without the probe mutex (2.8 without any), and by the time of E2 a walk may have ' +
      'the device pinned and be probing it: device_del unlinks the device from the bus, which does not wait for a walk that is already there ' +
      '(section 1). Freed under the probe are dev->iommu (both free it; or the probe goes on with it), the fwspec, and, once dev->iommu_group ' +
      'is stored, the group before the device has joined it. What the walk builds afterwards is never released; a sysfs link to a device that ' +
      'is gone by then fails the whole registration. In v6.15 a release in the window of step 4 b has the walk’s own dma_configure find ' +
      'dev->iommu NULL, which it takes for a foreign caller: it replays, and the walk probes a second time (S2 in remove-register).',
  },
  {
    name: 'v6.15: two tasks are in iommu_init_device for one device',
    fits: (finding) => finding.design === 'v6.15' && walks(finding) && finding.row !== 'S7' && finding.row !== 'S9',
    argument:
      'Yes. The walk stores dev->iommu, then drops the probe mutex for dma_configure, and does not look at dev->iommu_group again (section ' +
      '6, step 4 b); a second walk or the notifier does the same in that window. S2 is what it does first; leaks of driver data and module ' +
      'references, a sysfs link that is there already (so that the whole registration fails), and uses of a freed record, group or ' +
      'instance follow from it. A second look at dev->iommu_group after the mutex is taken again would end it.',
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
    name: 'v6.7: half a fwspec is left, and probed',
    fits: ({ design, scene, row }) =>
      design === 'v6.7' && row === 'S3' && inScenes('two-specifiers', 'faults-two-specifiers')({ scene }),
    argument: `Yes: ${HALF_LEFT}.`,
  },
  {
    name: 'v6.15: priv outlives a parse that fails',
    fits: ({ design, scene }) => design === 'v6.15' && inScenes('two-specifiers', 'faults-two-specifiers')({ scene }),
    argument:
      'Yes, with drivers whose of_xlate allocates: the undo frees what the parse created in dev->iommu and the fwspec (section 6 step ' +
      '3), not what of_xlate has stored in priv.',
  },
];
