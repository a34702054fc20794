// The lock that was extended, and the series that takes the firmware's data apart from the device.
import { readFileSync } from 'node:fs';
import { DESIGNS, LOCK_SCENES } from '../experiments.mjs';
import {
  all,
  cells,
  counters,
  inExperiment,
  join,
  not,
  PROBING,
  shownLine,
  shownText,
  shows,
  showsAnywhere,
  some,
} from './reading.mjs';

/** Experiments in which the drivers of both designs keep of_xlate. */
const LEGACY = ['legacy-xlate', 'rebind-legacy'];

/** Lines of a design's own file: what it overrides. */
function lines(root, file) {
  try {
    return readFileSync(`${root}/assembly/models/iommu/designs/${file}`, 'utf8').split('\n').length - 1;
  } catch {
    return null;
  }
}

export const LOCK = [
  {
    who: 'Jason',
    claim: 'device_lock cannot be the lock: too many callers come without it',
    experiment:
      'functions that read dev->iommu without the device’s lock where bus code alone configures devices, and where driver code does so, too (E6)',
    run: '--parts locks',
    result: (m) =>
      join(
        DESIGNS.flatMap((design) => LOCK_SCENES.map((scene) => [design, scene])).map(([design, scene]) => {
          const readers = m.readersWithoutLock(design, scene);
          return readers && `${scene}, ${design}: ${shownText(readers)}`;
        }),
      ),
    // In each design somebody reads it so, and in the designs whose firmware path reads it, that does so where driver code calls it.
    holds: (m) =>
      all([
        ...DESIGNS.map((design) => some(m.readersWithoutLock(design, 'walk-client'))),
        ...['v6.1', 'v6.6', 'v6.7', 'v6.15'].map((design) => {
          const readers = m.readersWithoutLock(design, 'open-coded-after');
          return readers === null ? null : readers.includes('dev_iommu_fwspec_get');
        }),
      ]),
  },
  {
    who: 'Jason',
    claim: 'the series takes dev->iommu out of the making of a fwspec, which is more than a lock with a larger scope',
    experiment:
      'reads of dev->iommu by the firmware path; S1 and S3 where that path takes no mutex, with drivers of the new callback, and with those that keep of_xlate',
    ids: ['walk-client', 'no-lock', 'no-lock-legacy'],
    result: (m) =>
      join([
        counters(m, 'walk-client', 'reads of dev->iommu by the firmware path', ['v6.7', 'decoupled']),
        ...['S1', 'S3'].flatMap((symptom) => [
          inExperiment('no mutex', cells(m, symptom, ['v6.7', 'decoupled'], 'no-lock')),
          inExperiment('no mutex, of_xlate kept', cells(m, symptom, ['decoupled'], 'no-lock-legacy')),
        ]),
      ]),
    holds: (m) =>
      all(
        ['S1', 'S3'].flatMap((symptom) => [
          shows(m.cellIn('no-lock', symptom, 'v6.7')),
          not(shows(m.cellIn('no-lock', symptom, 'decoupled'))),
          shows(m.cellIn('no-lock-legacy', symptom, 'decoupled')),
        ]),
      ),
  },
  {
    who: 'Robin',
    claim: 'the series still does what the lock does: it covers the making of the fwspec with the same lock',
    experiment: 'drivers that keep of_xlate, bound once and again: the sets of all that v6.7 and decoupled show',
    ids: LEGACY,
    result: (m) => join(LEGACY.flatMap((id) => ['v6.7', 'decoupled'].map((design) => shownLine(m, id, design)))),
    // The same set of bad states under the same budget.
    holds: (m) =>
      all(
        LEGACY.map((id) => {
          const [lock, series] = ['v6.7', 'decoupled'].map((design) => m.badStates(id, design));
          return lock === null || series === null ? null : lock.sort().join() === series.sort().join();
        }),
      ),
  },
  {
    who: 'Robin',
    claim: 'the locking is fixed by fixing the locking',
    experiment:
      'S1 to S4 of v6.7 between a registration and a bind, and the same without its mutex in the firmware path',
    ids: ['walk-client', 'no-lock'],
    result: (m) =>
      join([
        ...PROBING.map((symptom) => cells(m, symptom, ['v6.7'], 'walk-client')),
        ...['S1', 'S3', 'S4'].map((symptom) => inExperiment('no mutex', cells(m, symptom, ['v6.7'], 'no-lock'))),
      ]),
    holds: (m) =>
      all([
        ...PROBING.map((symptom) => not(shows(m.cellIn('walk-client', symptom, 'v6.7')))),
        ...['S1', 'S3', 'S4'].map((symptom) => shows(m.cellIn('no-lock', symptom, 'v6.7'))),
      ]),
  },
  {
    who: 'Robin',
    claim: 'a fwspec that is now here and now there takes more machinery, which is itself prone to new bugs',
    experiment:
      'a client is bound a second time, with a driver that keeps of_xlate: what decoupled shows and v6.7 does not',
    ids: ['rebind-legacy'],
    result: (m) =>
      join(
        ['v6.7', 'decoupled'].map((design) => {
          const shown = m.shown('rebind-legacy', design);
          return shown && `${design} shows ${shownText(shown)}`;
        }),
      ),
    holds: (m) => {
      const [lock, series] = ['v6.7', 'decoupled'].map((design) => m.shown('rebind-legacy', design));
      return lock === null || series === null ? null : series.some((row) => !lock.includes(row));
    },
  },
  {
    who: 'Robin',
    claim: 'a hack should be small, look like one, and be easy to take out again',
    experiment: 'lines of the model’s overrides; the patches themselves are +26/−14 in 4 files and +424/−307 in 27',
    run: '--render',
    result: (_, root) => {
      const counted = [
        ['v6.7', 'v6_7.ts'],
        ['decoupled', 'decoupled.ts'],
        ['v6.15', 'v6_15.ts'],
      ].flatMap(([design, file]) => {
        const n = lines(root, file);
        return n === null ? [] : [`${design} ${n}`];
      });
      return counted.length > 0 ? `lines that override: ${counted.join(', ')}` : null;
    },
    holds: (_, root) => {
      const [lock, series] = ['v6_7.ts', 'decoupled.ts'].map((file) => lines(root, file));
      return lock === null || series === null ? null : lock < series;
    },
  },
  {
    who: 'Jason',
    claim: 'publish only what is complete, and nobody sees half of it',
    experiment:
      'S3: is a device probed with a part of its specification? How many incomplete states there are is not measured: no counter tells them',
    ids: ['walk-client', 'two-ids', 'two-specifiers', 'two-specifiers-dart', 'faults-dart'],
    result: (m) => cells(m, 'S3', DESIGNS),
    holds: (m) =>
      all([
        showsAnywhere(m, 'S3', 'v6.6'),
        ...['decoupled', 'xlate-helper'].map((design) => not(showsAnywhere(m, 'S3', design))),
      ]),
  },
];
