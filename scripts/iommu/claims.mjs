// The thread's claims, in our words, each with the experiment that tests it. Answers are read off the results: `holds` is null if what it needs was
// not measured. No figure and no verdict is typed here.
import { readFileSync } from 'node:fs';
import { DESIGNS } from './experiments.mjs';
import { cellText, number } from './page.mjs';

/** Symptoms of the race about dev->iommu itself. */
const PROBING = ['S1', 'S2', 'S3', 'S4'];

const isFound = (cell) => cell?.verdict === 'found';
const isAbsent = (cell) => cell?.verdict === 'absent' || cell?.verdict === 'silent';
/** All true → true, one false → false, else one unknown → null. */
const all = (list) => (list.includes(false) ? false : list.includes(null) ? null : true);
/** Found → true, absent → false, undecided or not measured → null. */
const shows = (cell) => (isFound(cell) ? true : isAbsent(cell) ? false : null);
const not = (answer) => (answer === null ? null : !answer);

/** `firmware scans: v6.7 2, …` in the execution without preemptions, or null if no design has it. */
function counters(m, id, name, designs, where = {}) {
  const parts = designs.flatMap((design) => {
    const value = m.counter(id, design, name, where);
    return value === null ? [] : [`${design} ${number(value.byDefault)}`];
  });
  return parts.length > 0 ? `${name}: ${parts.join(', ')}` : null;
}

/** The same for each value of a swept option: `v6.7 1, 2, 3`. */
function swept(m, id, name, designs) {
  const { experiment } = m.sweeps[id] ?? {};
  if (!experiment) return null;
  const values = Array.from({ length: experiment.to - experiment.from + 1 }, (_, i) => experiment.from + i);
  const parts = designs.flatMap((design) => {
    const list = values.map((value) => m.counter(id, design, name, { value }));
    if (list.includes(null)) return [];
    const texts = list.map(({ byDefault }) => number(byDefault));
    return [`${design} ${new Set(texts).size === 1 ? texts[0] : texts.join('/')}`];
  });
  return parts.length > 0 ? `${name} for ${experiment.letter}=${values.join('/')}: ${parts.join(', ')}` : null;
}

const value = (m, id, design, name, where) => m.counter(id, design, name, where)?.byDefault ?? null;

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

const inExperiment = (id, text) => text && `${id}, ${text}`;
const shownText = (list) => (list.length > 0 ? list.join(', ') : 'none');

/** Lines of a design's own file: what it overrides. */
function lines(root, file) {
  try {
    return readFileSync(`${root}/assembly/models/iommu/designs/${file}`, 'utf8').split('\n').length - 1;
  } catch {
    return null;
  }
}

const COSTS = ['probe_device calls', 'dev_iommu allocations', 'module gets'];
const ASKING = ['ask-every-driver', 'xlate-helper', 'v6.15'];

export const CLAIMS = [
  {
    who: 'Jason',
    claim: 'of_xlate is a small optimisation: it saves perhaps an allocation and perhaps a pass over firmware',
    experiment: 'counters by the number of IDs, of attempts and of rebinds; then with the cache of the posted series',
    run: '--parts sweeps,matrix --only pinf-cache',
    result: (m) =>
      join([
        ...[
          ['by-ids', 'of_xlate calls'],
          ['by-ids', 'fwspec allocations'],
          ['by-attempts', 'firmware scans'],
          ['by-attempts', 'fwspec allocations'],
          ['by-rebinds', 'firmware scans'],
          ['by-rebinds', 'fwspec allocations'],
        ].map(([id, name]) => swept(m, id, name, ['v6.7', 'decoupled', 'xlate-helper', 'v6.15'])),
        inExperiment('pinf-cache', counters(m, 'pinf-cache', 'firmware scans', ['xlate-helper'])),
      ]),
    // In a boot with one bind: at most one more pass, and no more allocations.
    holds: (m) => {
      const both = (name) => ['xlate-helper', 'v6.7'].map((design) => value(m, 'by-ids', design, name, { value: 1 }));
      const [scans, made] = [both('firmware scans'), both('fwspec allocations')];
      return [...scans, ...made].includes(null) ? null : scans[0] <= scans[1] + 1 && made[0] <= made[1];
    },
  },
  {
    who: 'Jason',
    claim: 'drivers that allocate in of_xlate leak when a later step fails; allocating at the start of probe cures it',
    experiment: 'S7 with a driver that allocates in of_xlate, with a missing instance or an injected error',
    ids: ['two-specifiers-dart', 'faults-dart'],
    result: (m) => cells(m, 'S7', DESIGNS),
    holds: (m) =>
      all([
        ...['v6.6', 'v6.7', 'decoupled', 'v6.15'].map((design) => shows(m.cell('S7', design))),
        ...['xlate-helper', 'ask-every-driver'].map((design) => not(shows(m.cell('S7', design)))),
      ]),
  },
  {
    who: 'Jason',
    claim: 'the series takes dev->iommu out of the making of a fwspec, which is more than a lock with a larger scope',
    experiment:
      'reads of dev->iommu by the firmware path; S1 and S3 where that path takes no mutex, with drivers of the new callback',
    ids: ['walk-client', 'no-lock'],
    result: (m) =>
      join([
        counters(m, 'walk-client', 'reads of dev->iommu by the firmware path', ['v6.7', 'decoupled']),
        ...['S1', 'S3'].map((symptom) => inExperiment('no mutex', cells(m, symptom, ['v6.7', 'decoupled'], 'no-lock'))),
      ]),
    holds: (m) =>
      all(
        ['S1', 'S3'].flatMap((symptom) => [
          shows(m.cellIn('no-lock', symptom, 'v6.7')),
          not(shows(m.cellIn('no-lock', symptom, 'decoupled'))),
        ]),
      ),
  },
  {
    who: 'Robin',
    claim: 'the series still does what the lock does: it covers the making of the fwspec with the same lock',
    experiment:
      'drivers that keep of_xlate: what decoupled and v6.7 show of S1 to S4 with the mutex round it, and decoupled without',
    ids: ['legacy-xlate', 'no-lock-legacy'],
    result: (m) =>
      join([
        ...['v6.7', 'decoupled'].map((design) => {
          const shown = m.shown('legacy-xlate', design);
          return shown && `${design} shows ${shownText(shown)}`;
        }),
        ...['S1', 'S3'].map((symptom) => inExperiment('no mutex', cells(m, symptom, ['decoupled'], 'no-lock-legacy'))),
      ]),
    // The same symptoms of the race with the lock, and back without it.
    holds: (m) => {
      const racing = (design) => m.shown('legacy-xlate', design)?.filter((row) => PROBING.includes(row)) ?? null;
      const [lock, series] = [racing('v6.7'), racing('decoupled')];
      return lock === null || series === null
        ? null
        : all([lock.join() === series.join(), shows(m.cellIn('no-lock-legacy', 'S1', 'decoupled'))]);
    },
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
    claim: 'no lock cures the other symptoms, such as broken groups',
    experiment: 'S6: functions that share a group, probed in any order',
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
    experiment: 'S1 to S4 of v6.15 where only bus code and the core configure devices',
    ids: ['walk-client', 'walk-walk'],
    result: (m) =>
      join(
        ['walk-client', 'walk-walk'].flatMap((id) =>
          PROBING.map((symptom) => inExperiment(id, cells(m, symptom, ['v6.15'], id))),
        ),
      ),
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
          return shown && !shown.some((row) => ['S1', 'S4', 'late-record', 'release-race'].includes(row));
        }),
      ),
  },
  {
    who: 'Robin',
    claim: 'handing a device to every registered driver until one takes it performs horribly',
    experiment: 'counters by the number of makes of IOMMU in one machine, beside designs that ask one driver',
    run: '--parts sweeps',
    result: (m) => join(COSTS.map((name) => swept(m, 'by-drivers', name, ASKING))),
    // Each further make costs a call more, and none in the design that asks the one driver that firmware names.
    holds: (m) => {
      const calls = (design) =>
        [1, 3].map((makes) => value(m, 'by-drivers', design, 'probe_device calls', { value: makes }));
      const [asked, one] = [calls('ask-every-driver'), calls('v6.15')];
      return [...asked, ...one].includes(null) ? null : asked[1] > asked[0] && one[1] === one[0];
    },
  },
  {
    who: 'Jason',
    claim: 'real systems have one kind of IOMMU driver, so asking every driver costs nothing',
    experiment: 'the same with one make',
    ids: ['walk-client'],
    result: (m) => join(COSTS.map((name) => counters(m, 'walk-client', name, ASKING))),
    holds: (m) => {
      const pairs = COSTS.map((name) =>
        ['ask-every-driver', 'xlate-helper'].map((design) => value(m, 'walk-client', design, name)),
      );
      return pairs.flat().includes(null) ? null : pairs.every(([asked, one]) => asked <= one);
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
    experiment: 'S3: is a device probed with a part of its specification?',
    ids: ['walk-client', 'two-ids', 'two-specifiers'],
    result: (m) => cells(m, 'S3', DESIGNS),
    holds: (m) =>
      all([
        shows(m.cell('S3', 'v6.6')),
        ...['decoupled', 'xlate-helper'].map((design) => not(shows(m.cell('S3', design)))),
      ]),
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
  {
    who: 'Jason',
    claim: 'code that calls of_dma_configure by itself will not be nice to untangle',
    experiment: 'v6.15 where driver code configures a child before it is added, after it, and without a bus',
    ids: ['open-coded'],
    result: (m) => {
      const shown = m.shown('open-coded', 'v6.15');
      return shown && `v6.15 shows ${shownText(shown)}`;
    },
    holds: (m) => {
      const shown = m.shown('open-coded', 'v6.15');
      return shown && shown.length > 0;
    },
  },
];

const WORDS = new Map([
  [true, '**holds**'],
  [false, '**does not hold**'],
  [null, '**open**'],
]);

/** Beside the committed page, so that whoever repeats one row loses no other. */
const OUT = ' --out heddle-out/claims';

/** One row a claim, with the command that measures what it is read off; the commands of the experiments are on the page, too. */
export function claimRows(measured, root) {
  return CLAIMS.map(({ who, claim, experiment, ids = [], run, result, holds }) => {
    const text = result(measured, root);
    const shown = text === null ? 'not measured yet' : `${WORDS.get(holds(measured, root))}. ${text}`;
    const flags = run ?? `--only ${ids.join(',')}`;
    return [
      who,
      claim,
      experiment,
      shown,
      `\`node scripts/iommu-matrix.mjs ${flags}${run === '--render' ? '' : OUT}\``,
    ];
  });
}
