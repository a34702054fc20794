// The mutation check: without its key lock or its override, a design has the symptoms again that it is there to cure. One comparison each, of one
// design with an option of the model that takes the thing away.

/** `brings`: symptoms of which at least one must come back. */
export const MUTATIONS = [
  {
    id: 'key-v6.6',
    what: 'v6.6 without the mutex in __iommu_probe_device',
    designs: ['v6.6'],
    scenes: ['walk-client'],
    options: { 'probe-mutex': 0 },
    brings: ['S2'],
  },
  {
    id: 'key-v6.7',
    what: 'v6.7 without the mutex in the firmware path',
    designs: ['v6.7'],
    scenes: ['walk-client'],
    options: { 'probe-mutex': 1 },
    brings: ['S1', 'S3', 'S4'],
  },
  {
    id: 'key-decoupled',
    what: 'decoupled with drivers that keep of_xlate, without the mutex round each call',
    designs: ['decoupled'],
    scenes: ['walk-client'],
    options: { 'probe-mutex': 1, 'legacy-xlate': 1 },
    brings: ['S1', 'S3'],
  },
  {
    id: 'key-xlate-helper',
    what: 'xlate-helper without the mutex',
    designs: ['xlate-helper'],
    scenes: ['walk-client'],
    options: { 'probe-mutex': 0 },
    brings: ['S2'],
  },
  {
    id: 'key-ask-every-driver',
    what: 'ask-every-driver without the mutex',
    designs: ['ask-every-driver'],
    scenes: ['walk-client'],
    options: { 'probe-mutex': 0 },
    brings: ['S2'],
  },
  {
    id: 'key-v6.15',
    what: 'v6.15 without the mutex',
    designs: ['v6.15'],
    scenes: ['walk-client'],
    options: { 'probe-mutex': 0 },
    brings: ['S1', 'S2', 'S3', 'S4'],
  },
];
