// The thread's claims, in our words, each with the experiment that tests it. `result` reads measured documents and answers null if what it needs
// was not measured: no figure and no verdict is typed here.
import { readFileSync } from 'node:fs';
import { DESIGNS } from './experiments.mjs';
import { cellText } from './measured.mjs';

const PROBING = ['S1', 'S2', 'S3', 'S4'];

/** `firmware scans: v6.7 1 · 1.02, …`, or null if no design has it. Of an experiment's only scene, unless one is named. */
function counters(m, id, name, designs, scene = null) {
  const parts = designs.flatMap((design) => {
    const value = m.counter(id, design, name, scene);
    return value === null ? [] : [`${design} ${value}`];
  });
  return parts.length > 0 ? `${name}: ${parts.join(', ')}` : null;
}

function cells(m, symptom, designs, id = null) {
  const parts = designs.flatMap((design) => {
    const cell = id === null ? m.cell(symptom, design) : m.cellIn(id, symptom, design);
    return cell === null ? [] : [`${design} ${cellText(cell)}`];
  });
  return parts.length > 0 ? `${symptom}: ${parts.join(', ')}` : null;
}

const join = (parts) => {
  const known = parts.filter((part) => part !== null);
  return known.length > 0 ? known.join('; ') : null;
};

const shownText = (list) => (list.length > 0 ? list.join(', ') : 'none');

/** Lines of a design's own files: what it overrides. */
function lines(root, files) {
  try {
    return files.reduce(
      (sum, file) => sum + readFileSync(`${root}/assembly/models/iommu/${file}`, 'utf8').split('\n').length - 1,
      0,
    );
  } catch {
    return null;
  }
}

export const CLAIMS = [
  {
    who: 'Jason',
    claim: 'of_xlate is a small optimisation: it saves perhaps an allocation and perhaps a pass over firmware',
    experiment: 'counters of a bind, plain, with a cache of what firmware said, and with a deferral',
    ids: ['walk-client', 'pinf-cache', 'deferral'],
    result: (m) =>
      join(
        ['walk-client', 'pinf-cache', 'deferral'].flatMap((id) =>
          ['firmware scans', 'of_xlate calls', 'fwspec allocations', 'driver data allocations'].map((name) => {
            const text = counters(m, id, name, ['v6.7', 'xlate-helper', 'v6.15']);
            return text && `${id}, ${text}`;
          }),
        ),
      ),
  },
  {
    who: 'Jason',
    claim: 'drivers that allocate in of_xlate leak when a later step fails; allocating at the start of probe cures it',
    experiment: 'S7 with a driver that allocates in of_xlate, with a missing instance or an injected error',
    ids: ['two-specifiers-dart', 'faults-dart'],
    result: (m) => cells(m, 'S7', DESIGNS),
  },
  {
    who: 'Jason',
    claim: 'the series takes dev->iommu out of the making of a fwspec, which is more than a lock with a larger scope',
    experiment:
      'reads of dev->iommu by the firmware path; S1 and S3 where the firmware path takes no mutex, with drivers of the new callback and of the old one',
    ids: ['walk-client', 'no-lock', 'no-lock-legacy'],
    result: (m) =>
      join([
        counters(m, 'walk-client', 'reads of dev->iommu by the firmware path', [
          'v6.7',
          'decoupled',
          'xlate-helper',
          'v6.15',
        ]),
        ...['no-lock', 'no-lock-legacy'].flatMap((id) =>
          ['S1', 'S3'].map((symptom) => {
            const text = cells(m, symptom, ['v6.7', 'decoupled'], id);
            return text && `${id}, ${text}`;
          }),
        ),
      ]),
  },
  {
    who: 'Robin',
    claim: 'the series still does what the lock does: it covers the making of the fwspec with the same lock',
    experiment:
      'what decoupled shows with drivers that keep of_xlate, and what v6.7 shows, on the same events and budget',
    ids: ['legacy-xlate'],
    result: (m) => {
      const [lock, series] = [m.shown('legacy-xlate', 'v6.7'), m.shown('legacy-xlate', 'decoupled')];
      return lock && series && `v6.7 shows ${shownText(lock)}; decoupled shows ${shownText(series)}`;
    },
  },
  {
    who: 'Robin',
    claim: 'no lock cures the other symptoms, such as broken groups',
    experiment: 'S6: functions that share a group, probed in any order',
    ids: ['aliases'],
    result: (m) => cells(m, 'S6', DESIGNS),
  },
  {
    who: 'Robin',
    claim: 'once probing itself starts the parsing of firmware, nothing has to be made safe for concurrent use',
    experiment: 'v6.15 where only bus code and the core configure devices, and where driver code does so, too',
    ids: ['walk-client', 'open-coded'],
    result: (m) =>
      join([
        ...PROBING.map((symptom) => cells(m, symptom, ['v6.15'], 'walk-client')).map(
          (text) => text && `walk-client, ${text}`,
        ),
        ...PROBING.map((symptom) => cells(m, symptom, ['v6.15'], 'open-coded')).map(
          (text) => text && `open-coded, ${text}`,
        ),
      ]),
  },
  {
    who: 'Robin',
    claim: 'handing a device to every registered driver until one takes it performs horribly',
    experiment:
      'two makes of IOMMU in one machine: probe_device calls, records made and module references, beside designs that ask one driver',
    ids: ['two-drivers'],
    result: (m) =>
      join(
        ['probe_device calls', 'dev_iommu allocations', 'module gets'].map((name) =>
          counters(m, 'two-drivers', name, ['ask-every-driver', 'xlate-helper', 'v6.15'], 'two-drivers-bind'),
        ),
      ),
  },
  {
    who: 'Jason',
    claim: 'real systems have one kind of IOMMU driver, so asking every driver costs nothing',
    experiment: 'the same with one make',
    ids: ['walk-client'],
    result: (m) =>
      join(
        ['probe_device calls', 'dev_iommu allocations', 'module gets'].map((name) =>
          counters(m, 'walk-client', name, ['ask-every-driver', 'xlate-helper', 'v6.15']),
        ),
      ),
  },
  {
    who: 'Robin',
    claim: 'a hack should be small, look like one, and be easy to take out again',
    experiment: 'lines of the model’s overrides; the patches themselves are +26/−14 in 4 files and +424/−307 in 27',
    ids: [],
    result: (_, root) => {
      const counted = [
        ['v6.7', ['designs/v6_7.ts']],
        ['decoupled', ['designs/decoupled.ts']],
        ['v6.15', ['designs/v6_15.ts']],
      ].flatMap(([design, files]) => {
        const n = lines(root, files);
        return n === null ? [] : [`${design} ${n}`];
      });
      return counted.length > 0 ? `lines that override: ${counted.join(', ')}` : null;
    },
  },
  {
    who: 'Jason',
    claim: 'publish only what is complete',
    experiment: 'S3: is a device probed with a part of its specification?',
    ids: ['walk-client', 'two-ids', 'two-specifiers'],
    result: (m) => cells(m, 'S3', DESIGNS),
  },
  {
    who: 'Robin',
    claim: 'a driver cannot know its list of specifiers before firmware has been parsed to find the driver',
    experiment: 'drivers that parse firmware for a device that is not theirs',
    ids: ['walk-client'],
    result: (m) =>
      join([
        counters(m, 'walk-client', 'drivers that parse firmware for a foreign device', [
          'xlate-helper',
          'ask-every-driver',
          'v6.15',
        ]),
        counters(m, 'walk-client', 'firmware scans', ['xlate-helper', 'ask-every-driver', 'v6.15']),
      ]),
  },
  {
    who: 'Jason',
    claim: 'code that calls of_dma_configure by itself will not be nice to untangle',
    experiment: 'v6.15 where driver code configures a child before it is added, after it, and without a bus',
    ids: ['open-coded'],
    result: (m) => {
      const shown = m.shown('open-coded', 'v6.15');
      return shown && `v6.15 shows ${shownText(shown)}`;
    },
  },
];

/** One row a claim; the commands of the experiments are on the page, too. */
export function claimRows(measured, root) {
  return CLAIMS.map(({ who, claim, experiment, ids, result }) => {
    const flags = ids.length === 0 ? '--render' : `--only ${ids.join(',')}`;
    const shown = result(measured, root) ?? 'not measured yet';
    return [who, claim, experiment, shown, `\`node scripts/iommu-matrix.mjs ${flags}\``];
  });
}
