// What drivers do: of_xlate, its replacement, and who is asked.
import { DESIGNS } from '../experiments.mjs';
import { number } from '../page.mjs';
import { all, cells, counters, inExperiment, join, not, shows, sum, swept, value } from './reading.mjs';

const COSTS = ['probe_device calls', 'dev_iommu allocations', 'module gets'];
/** What a cost is compared with (section 7.2). */
const ASKS_ONE = 'v6.15';
const ASKING = ['ask-every-driver', ASKS_ONE, 'xlate-helper'];

const ALLOCATIONS = ['fwspec allocations', 'driver data allocations', 'dev_iommu allocations'];

/** What xlate-helper does more than v6.7 for a device with so many rebinds; null: not measured. */
function moreThanLock(m, rebinds) {
  const where = { value: rebinds };
  const more = (names) => {
    const [helper, lock] = ['xlate-helper', 'v6.7'].map((design) => sum(m, 'by-rebinds', design, names, where));
    return helper === null || lock === null ? null : helper - lock;
  };
  const [scans, allocations] = [more(['firmware scans']), more(ALLOCATIONS)];
  return scans === null || allocations === null ? null : { scans, allocations };
}

function saved(m, rebinds) {
  const more = moreThanLock(m, rebinds);
  return (
    more &&
    `xlate-helper against v6.7 for R=${rebinds}: passes ${signed(more.scans)}, allocations ${signed(more.allocations)}`
  );
}

const signed = (n) => (n > 0 ? `+${n}` : `${n}`);

export const DRIVERS = [
  {
    who: 'Jason',
    claim: 'of_xlate is a small optimisation: it saves perhaps an allocation and perhaps a pass over firmware',
    experiment:
      'passes over firmware and allocations (fwspec, driver data, dev_iommu) of one device with and without of_xlate, by IDs, attempts and rebinds; then ' +
      'with the cache of the posted series',
    run: '--parts sweeps,matrix --only pinf-cache',
    result: (m) =>
      join([
        ...[0, 2].map((rebinds) => saved(m, rebinds)),
        ...[
          ['by-ids', 'of_xlate calls'],
          ['by-ids', 'fwspec allocations'],
          ['by-attempts', 'firmware scans'],
          ['by-attempts', 'fwspec allocations'],
          ['by-rebinds', 'firmware scans'],
          ['by-rebinds', 'fwspec allocations'],
          ['by-rebinds', 'driver data allocations'],
          ['by-rebinds', 'dev_iommu allocations'],
        ].map(([id, name]) => swept(m, id, name, ['v6.7', 'decoupled', 'xlate-helper', 'v6.15'])),
        inExperiment('pinf-cache', counters(m, 'pinf-cache', 'firmware scans', ['xlate-helper'])),
      ]),
    // At most one more pass and one more allocation, of a device that is bound once and of one that is bound three times.
    holds: (m) =>
      all(
        [0, 2].map((rebinds) => {
          const more = moreThanLock(m, rebinds);
          return more && more.scans <= 1 && more.allocations <= 1;
        }),
      ),
  },
  {
    who: 'Jason',
    claim: 'drivers that allocate in of_xlate leak when a later step fails; allocating at the start of probe cures it',
    experiment: 'S7 with a driver that allocates in of_xlate, with a missing instance or an injected error',
    ids: ['two-specifiers-dart', 'faults-dart'],
    result: (m) => cells(m, 'S7', DESIGNS),
    holds: (m) =>
      all([
        ...['v6.1', 'v6.6', 'v6.7', 'decoupled', 'v6.15'].map((design) => shows(m.cell('S7', design))),
        ...['xlate-helper', 'ask-every-driver'].map((design) => not(shows(m.cell('S7', design)))),
      ]),
  },
  {
    who: 'Robin',
    claim: 'handing a device to every registered driver until one takes it performs horribly',
    experiment:
      'counters by the number of makes of IOMMU in one machine, beside the design that asks the one driver which firmware names',
    run: '--parts sweeps',
    result: (m) => join(COSTS.map((name) => swept(m, 'by-drivers', name, ASKING))),
    // Each further make costs a call more, and none in the other design.
    holds: (m) => {
      const calls = (design) =>
        [1, 3].map((makes) => value(m, 'by-drivers', design, 'probe_device calls', { value: makes }));
      const [asked, one] = [calls('ask-every-driver'), calls(ASKS_ONE)];
      return [...asked, ...one].includes(null) ? null : asked[1] > asked[0] && one[1] === one[0];
    },
  },
  {
    who: 'Jason',
    claim: 'real systems have one kind of IOMMU driver, so asking every driver costs nothing',
    experiment:
      'the same counters with one make, beside the same design; xlate-helper, which differs in nothing but whom it asks, is beside it',
    run: '--parts sweeps',
    result: (m) =>
      join(
        COSTS.map((name) => {
          const parts = ASKING.map((design) => [design, value(m, 'by-drivers', design, name, { value: 1 })]);
          const known = parts.filter(([, n]) => n !== null);
          return known.length > 0 ? `${name} for U=1: ${known.map(([d, n]) => `${d} ${number(n)}`).join(', ')}` : null;
        }),
      ),
    holds: (m) => {
      const pairs = COSTS.map((name) =>
        ['ask-every-driver', ASKS_ONE].map((design) => value(m, 'by-drivers', design, name, { value: 1 })),
      );
      return pairs.flat().includes(null) ? null : pairs.every(([asked, one]) => asked <= one);
    },
  },
  {
    who: 'Jason',
    claim: 'the list of specifiers is the same when of_xlate is called and when probe is: probe can have it',
    experiment:
      'S3 and S8 of the design whose probe reads the list itself, beside one whose probe reads what of_xlate has left',
    ids: ['two-specifiers'],
    result: (m) => join(['S3', 'S8'].map((symptom) => cells(m, symptom, ['v6.7', 'xlate-helper'], 'two-specifiers'))),
    holds: (m) => all(['S3', 'S8'].map((symptom) => not(shows(m.cellIn('two-specifiers', symptom, 'xlate-helper'))))),
  },
  {
    who: 'Robin',
    claim: 'a driver cannot know its list of specifiers before firmware has been parsed to find the driver',
    experiment: 'drivers that parse firmware for a device that is not theirs, with two makes in one machine',
    ids: ['two-drivers'],
    result: (m) =>
      join(
        ['drivers that parse firmware for a foreign device', 'firmware scans'].map((name) =>
          counters(m, 'two-drivers', name, ASKING, { scene: 'two-drivers-bind' }),
        ),
      ),
    // Without a search that finds the driver first, strangers parse; with it, nobody does.
    holds: (m) => {
      const [asked, one] = ['ask-every-driver', 'v6.15'].map((design) =>
        value(m, 'two-drivers', design, 'drivers that parse firmware for a foreign device', {
          scene: 'two-drivers-bind',
        }),
      );
      return asked === null || one === null ? null : asked > 0 && one === 0;
    },
  },
];
