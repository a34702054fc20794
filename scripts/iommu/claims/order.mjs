// The order of things: firmware is parsed by the probe of the device, or by the bind of its driver.
import { DESIGNS } from '../experiments.mjs';
import { all, cells, inExperiment, join, not, PROBING, shownIn, shownText, shows, some } from './reading.mjs';

/** The events of open-coded with a client that bus code configures. */
const WITHOUT_E6 = ['walk-client', 'walk-walk', 'deferral', 'remove'];

function onlyWithOpenCode(m) {
  const [bus, open] = [shownIn(m, WITHOUT_E6, 'v6.15'), m.shown('open-coded', 'v6.15')];
  return bus === null || open === null ? null : open.filter((row) => !bus.includes(row));
}

export const ORDER = [
  {
    who: 'Robin',
    claim: 'no lock cures the other symptoms, such as broken groups',
    experiment:
      'S6: functions that share a group, probed in any order. Whether, not how often: a campaign keeps the first of its kind',
    ids: ['aliases'],
    result: (m) => cells(m, 'S6', DESIGNS, 'aliases'),
    holds: (m) =>
      all([
        ...['v6.6', 'v6.7', 'decoupled'].map((design) => shows(m.cellIn('aliases', 'S6', design))),
        not(shows(m.cellIn('aliases', 'S6', 'v6.15'))),
      ]),
  },
  {
    who: 'Robin',
    claim: 'once probing itself starts the parsing of firmware, nothing has to be made safe for concurrent use',
    experiment:
      'S1 to S4 of v6.15 where only bus code and the core configure devices, then with driver code that does so, too (E6). How many threads touch dev->iommu ' +
      'before the group is set is not measured: counters do not tell threads apart',
    ids: ['walk-client', 'walk-walk', 'open-coded'],
    result: (m) =>
      join(
        ['walk-client', 'walk-walk', 'open-coded'].flatMap((id) =>
          PROBING.map((symptom) => inExperiment(id, cells(m, symptom, ['v6.15'], id))),
        ),
      ),
    // Without E6, as the claim has it; what comes with E6 is beside it.
    holds: (m) =>
      all(
        ['walk-client', 'walk-walk'].flatMap((id) =>
          PROBING.map((symptom) => not(shows(m.cellIn(id, symptom, 'v6.15')))),
        ),
      ),
  },
  {
    who: 'Robin',
    claim:
      'the work of a bind shrinks to a deferral while the instance is missing; its registration does the rest by itself',
    experiment: 'v6.15: are devices grouped without a bind, and is every bind that comes too early deferred?',
    ids: ['walk-walk', 'deferral'],
    result: (m) => {
      const shown = m.shown('deferral', 'v6.15');
      return join([cells(m, 'S6', ['v6.15'], 'walk-walk'), shown && `deferral: v6.15 shows ${shownText(shown)}`]);
    },
    holds: (m) => {
      const shown = m.shown('deferral', 'v6.15');
      return all([not(shows(m.cellIn('walk-walk', 'S6', 'v6.15'))), shown && !shown.includes('late-domain')]);
    },
  },
  {
    who: 'Robin',
    claim: 'dev->iommu has a trivial lifecycle and access pattern then',
    experiment:
      'v6.15 where two instances register, and where a device is removed meanwhile: is the record lost, or used after it was freed?',
    ids: ['walk-walk', 'remove'],
    result: (m) =>
      join(
        ['walk-walk', 'remove'].map((id) => {
          const shown = m.shown(id, 'v6.15');
          return shown && `${id}: v6.15 shows ${shownText(shown)}`;
        }),
      ),
    holds: (m) =>
      all(
        ['walk-walk', 'remove'].map((id) => {
          const shown = m.shown(id, 'v6.15');
          return (
            shown &&
            !shown.some((row) =>
              ['S1', 'S4', 'late-record', 'lost-record', 'record-race', 'release-race'].includes(row),
            )
          );
        }),
      ),
  },
  {
    who: 'Robin',
    claim: 'the probing paths without a device tree still worked as designed after 2017',
    experiment:
      'S1 to S4 of v6.6 between a registration and a bind, where ACPI describes the instance, and where the driver’s own tables do',
    ids: ['acpi-walk', 'tables-walk'],
    result: (m) =>
      join(
        ['acpi-walk', 'tables-walk'].flatMap((id) =>
          PROBING.map((symptom) => inExperiment(id, cells(m, symptom, ['v6.6'], id))),
        ),
      ),
    holds: (m) =>
      all(
        ['acpi-walk', 'tables-walk'].flatMap((id) =>
          PROBING.map((symptom) => not(shows(m.cellIn(id, symptom, 'v6.6')))),
        ),
      ),
  },
  {
    who: 'Jason',
    claim: 'code that calls of_dma_configure by itself will not be nice to untangle',
    experiment:
      'v6.15 where driver code configures a child before it is added, after it, and without a bus: what it shows that the same events without such code do not',
    ids: ['open-coded', ...WITHOUT_E6],
    result: (m) => {
      const only = onlyWithOpenCode(m);
      return only && `only with such code: ${shownText(only)}; with it: ${shownText(m.shown('open-coded', 'v6.15'))}`;
    },
    holds: (m) => some(onlyWithOpenCode(m)),
  },
];
