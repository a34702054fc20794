// What docs/iommu.md is measured by: comparisons of the IOMMU model's designs on the smallest scenes that can show each symptom. Scenes,
// designs and options that the model does not declare are left out, and the page says so.

/** In the order in which they were proposed. */
export const DESIGNS = ['v6.1', 'v6.6', 'v6.7', 'decoupled', 'xlate-helper', 'ask-every-driver', 'v6.15'];

/** Values of the option `profile`: which IOMMU driver the instances have. */
const PROFILE = { 'smmu-by-driver': 1, dart: 3, rockchip: 4, 'legacy-no-fwspec': 6 };

/**
 * One `heddle compare` each. `symptoms`: the rows of the matrix that are taken from it; the cells of a row that several name are joined. `cost`: its
 * counters are on the page.
 */
export const EXPERIMENTS = [
  {
    id: 'walk-client',
    what: 'an instance registers while its client is bound',
    scenes: ['walk-client'],
    symptoms: ['S1', 'S2', 'S3', 'S4'],
    cost: true,
  },
  {
    id: 'two-ids',
    what: 'the same with a client of two IDs, whose fwspec moves when it grows',
    scenes: ['walk-client-two-ids'],
    symptoms: ['S3', 'S5'],
    cost: true,
  },
  {
    id: 'walk-walk',
    what: 'two instances register at once, or one while a device is added',
    scenes: ['walk-walk', 'walk-add'],
    symptoms: ['S2'],
  },
  {
    id: 'two-drivers',
    what: 'instances of two makes register while a client of the second one is bound',
    scenes: ['two-drivers', 'two-drivers-bind'],
    symptoms: ['S12'],
    cost: true,
  },
  {
    id: 'aliases',
    what: 'PCI functions that share a group are probed in any order',
    scenes: ['aliases-bind', 'aliases-bridge', 'aliases-add'],
    symptoms: ['S6'],
  },
  {
    id: 'two-specifiers',
    what: 'a client that names two instances is bound while the second one is missing',
    scenes: ['two-specifiers-first', 'two-specifiers-second'],
    symptoms: ['S3', 'S8'],
    cost: true,
  },
  {
    id: 'two-specifiers-dart',
    what: 'the same with a driver that allocates in of_xlate',
    scenes: ['two-specifiers-first', 'two-specifiers-second'],
    options: { profile: PROFILE.dart },
    symptoms: ['S7', 'S8', 'S9'],
  },
  {
    id: 'faults-dart',
    what: 'one injected error, with a driver that allocates in of_xlate',
    scenes: ['faults-walk-client', 'faults-two-specifiers'],
    options: { profile: PROFILE.dart },
    symptoms: ['S7'],
  },
  {
    id: 'remove',
    what: 'a device is removed while an instance registers, or while its driver binds',
    scenes: ['remove-register', 'remove-register-waiting', 'remove-bind'],
    symptoms: ['S11', 'S13'],
  },
  {
    id: 'remove-grouped',
    what: 'the same with an instance whose walk groups the device without a bind',
    scenes: ['remove-register'],
    options: { profile: PROFILE['legacy-no-fwspec'] },
    symptoms: ['S11'],
  },
  {
    id: 'open-coded',
    what: 'driver code calls of_dma_configure for a child, before or after it is added',
    scenes: ['open-coded-before', 'open-coded-after', 'open-coded-host1x', 'open-coded-no-bus'],
    symptoms: ['S1', 'S4', 'S6'],
  },
  {
    id: 'rebind-unregister',
    what: 'an instance leaves while its client is bound a second time',
    scenes: ['rebind-unregister'],
    symptoms: [],
  },
  {
    id: 'owners',
    what: 'DMA of a group is claimed, or given back, while an instance registers or another member is bound',
    scenes: ['claim-iommufd-register', 'release-register', 'group-bind-claim', 'group-release-bind'],
    symptoms: [],
  },
  {
    id: 'groups',
    what: 'two devices in one group: both are bound, or one while the other changes the type of the domain',
    scenes: ['group-bind', 'group-types-bind', 'group-type-remove'],
    symptoms: [],
  },
  {
    id: 'acpi-walk',
    what: 'walk-client where ACPI describes the instance',
    scenes: ['walk-client'],
    options: { firmware: 1 },
    symptoms: [],
  },
  {
    id: 'tables-walk',
    what: 'walk-client with a driver whose own tables list the client',
    scenes: ['walk-client'],
    options: { profile: PROFILE['legacy-no-fwspec'] },
    symptoms: [],
  },
  {
    id: 'walk-dart',
    what: 'walk-client with a driver that allocates in of_xlate: nothing fails',
    scenes: ['walk-client'],
    options: { profile: PROFILE.dart },
    symptoms: [],
  },
  {
    id: 'legacy-xlate',
    what: 'walk-client where drivers keep of_xlate although the design offers of_xlate_fwspec',
    scenes: ['walk-client'],
    options: { 'legacy-xlate': 1 },
    symptoms: [],
  },
  {
    id: 'no-lock',
    what: 'walk-client where the firmware path takes no mutex',
    scenes: ['walk-client', 'walk-client-two-ids'],
    options: { 'probe-mutex': 1 },
    symptoms: [],
  },
  {
    id: 'no-lock-legacy',
    what: 'the same where drivers keep of_xlate',
    scenes: ['walk-client', 'walk-client-two-ids'],
    options: { 'probe-mutex': 1, 'legacy-xlate': 1 },
    symptoms: [],
  },
  {
    id: 'pinf-cache',
    what: 'walk-client where what a bind has learnt of firmware is kept for the driver’s probe',
    scenes: ['walk-client'],
    options: { 'pinf-cache': 1 },
    symptoms: [],
    cost: true,
  },
  {
    id: 'deferral',
    what: 'a client waits for its instance and is tried again',
    scenes: ['deferral'],
    symptoms: [],
    cost: true,
  },
  { id: 'rebind', what: 'a client is bound, unbound and bound again', scenes: ['rebind'], symptoms: [], cost: true },
  {
    id: 'rebind-legacy',
    what: 'the same where drivers keep of_xlate, and the instance is there',
    scenes: ['rebind-bind'],
    options: { 'legacy-xlate': 1 },
    symptoms: [],
  },
  {
    id: 'acpi',
    what: 'two-specifiers where ACPI describes the instances',
    scenes: ['two-specifiers-first'],
    options: { firmware: 1 },
    symptoms: [],
  },
  {
    id: 'by-driver',
    what: 'walk-client with a driver that looks for its instance among those already bound',
    scenes: ['walk-client'],
    options: { profile: PROFILE['smmu-by-driver'] },
    symptoms: [],
  },
  {
    id: 'rockchip',
    what: 'walk-client with a driver that allocates through a pointer which it stores after it has registered',
    scenes: ['walk-client'],
    options: { profile: PROFILE.rockchip },
    symptoms: [],
  },
  {
    id: 'set-type',
    what: 'the default domain’s type is changed while the client is bound, unbound and bound again',
    scenes: ['rebind-set-type'],
    symptoms: [],
  },
  {
    id: 'unregister',
    what: 'an instance leaves while its client is bound, or is removed',
    scenes: ['unregister-bind', 'remove-unregister'],
    symptoms: [],
  },
  {
    id: 'bus-probe',
    what: 'aliases where the drivers of xlate-helper and ask-every-driver accept probes by walk and notifier',
    scenes: ['aliases-bind'],
    options: { 'bus-probe': 1 },
    symptoms: [],
  },
  {
    id: 'mock',
    what: 'the selftest’s instance arrives while a client of another one is bound, or added',
    scenes: ['grid-E5-E11', 'grid-E1-E11'],
    symptoms: [],
  },
];

/** The symptoms as the thread's participants knew them; section 7 of the collection of facts. */
export const SYMPTOMS = {
  S1: 'NULL dereference or use after free of dev->iommu or the fwspec in the firmware path',
  S2: 'a device or a group is probed twice',
  S3: 'a device is probed with half of its firmware spec',
  S4: 'two tasks create dev->iommu, one record is lost',
  S5: 'the fwspec moves under a reader',
  S6: 'groups are malformed, or a device is in none',
  S7: 'error paths of of_xlate leak',
  S8: 'a device of two instances is bound without translation, or with half of its IDs',
  S9: 'a probe without fwspec is accepted because private data are set',
  S11: 'groups are finalized without their mutex',
};

/**
 * Symptoms that no comparison asks for, and why. S10 is no interleaving that fails: it is the lockset oracle's report that dev->iommu is accessed
 * without device_lock, of any execution, in order too. The part `locks` measures it.
 */
export const NOT_COMPARED = { S10: 'lockset only' };

/** Where it is measured: bus code alone configures devices, and driver code does so, too (E6); and in how many executions. */
export const LOCK_SCENES = ['walk-client', 'open-coded-after'];
export const LOCK_EXECUTIONS = '2000';

/**
 * What the thread and its neighbours say, by the designs of DESIGNS. P present, – absent, ~ partly, e expected to be gone by people who had not built
 * it yet.
 */
export const EXPECTED = {
  S1: ['P', 'P', '–', '–', '–', '–', 'e'],
  S2: ['P', '–', '–', '–', '–', '–', 'e'],
  S3: ['P', 'P', '–', '~', '–', '–', 'e'],
  S4: ['P', 'P', '–', '–', '–', '–', 'e'],
  S5: ['P', 'P', '–', '–', '–', '–', 'e'],
  S6: ['P', 'P', 'P', 'P', 'P', 'P', 'e'],
  S7: ['P', 'P', 'P', 'P', '–', '–', 'P'],
  S8: ['P', 'P', 'P', 'P', '–', '–', 'e'],
  S9: ['P', 'P', '~', 'P', '–', '–', 'e'],
  S11: ['P', 'P', 'P', 'P', 'P', 'P', 'P'],
};

/**
 * The smallest scene that can show a symptom, with the options that it needs: there a “–” is searched exhaustively, and there the time to
 * the first finding is taken.
 */
export const SMALLEST = {
  S1: { scene: 'walk-client' },
  S2: { scene: 'walk-client' },
  S3: { scene: 'walk-client' },
  S4: { scene: 'walk-client' },
  S5: { scene: 'walk-client-two-ids' },
  S6: { scene: 'aliases-bind' },
  S7: { scene: 'two-specifiers-first', options: { profile: PROFILE.dart } },
  S8: { scene: 'two-specifiers-first' },
  S9: { scene: 'two-specifiers-second', options: { profile: PROFILE.dart } },
  S11: { scene: 'remove-register', options: { profile: PROFILE['legacy-no-fwspec'] } },
};

/** Counters as functions of one option: one `heddle compare` without fuzzing or search. */
export const SWEEPS = [
  { id: 'ids', letter: 'K', what: 'IDs of the client', scene: 'cost', option: 'ids', from: 1, to: 4 },
  {
    id: 'attempts',
    letter: 'A',
    what: 'attempts to bind until the instance is there',
    scene: 'cost',
    option: 'attempts',
    from: 1,
    to: 3,
  },
  { id: 'rebinds', letter: 'R', what: 'further binds', scene: 'cost', option: 'rebinds', from: 0, to: 2 },
  { id: 'drivers', letter: 'U', what: 'makes of IOMMU driver', scene: 'cost', option: 'drivers', from: 1, to: 3 },
];

/**
 * Of the comparisons, for each design in each scene: executions of fuzzing, and memory of the search (8M are some 400,000 states). Both are
 * deterministic. `--quick` is for trying the script out; flags of the same names are stronger.
 */
export const BUDGETS = {
  full: { budget: '20k', 'verify-memory': '8M' },
  quick: { budget: '2k', 'verify-memory': '1M' },
};

/** Of the times to the first finding. A symptom that `misses` seeds have not shown cannot have a median any more: it is not looked for again. */
export const FIRST = {
  full: { seeds: 5, misses: 3, smallest: '60s', full: '300s' },
  quick: { seeds: 1, misses: 1, smallest: '5s', full: '5s' },
};

/** Executions without the symptom that stand in for a search that does not end. */
export const SOAK = { full: '20M', quick: '20k' };

/** The scene with everything, for the times to the first finding; the options that a symptom needs there are in smallest.mjs. */
export const LARGEST = 'full';
