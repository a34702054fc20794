// The thread's claims, in our words, each with the experiment that tests it. Answers are read off the results: `holds` is null if what it needs was
// not measured. No figure and no verdict is typed here.
import { DRIVERS } from './claims/drivers.mjs';
import { LOCK } from './claims/lock.mjs';
import { ORDER } from './claims/order.mjs';

export const CLAIMS = [...DRIVERS, ...LOCK, ...ORDER];

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
