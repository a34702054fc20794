// Which results a run of scripts/iommu-matrix.mjs goes on from, and when it must not write over those that are committed.

/** Flags with which a run leaves out what is on the page. */
const PARTIAL = ['parts', 'only', 'minutes'];

const given = (flags, names) => names.filter((name) => flags[name]).map((name) => `--${name}`);

/**
 * Before anything is built. `isCommitted`: the run writes docs/. Results of the small budgets belong beside the page, not on it.
 *
 * @throws Error with the remedy.
 */
export function checkFlags(flags, isCommitted) {
  if (flags.render && !isCommitted) throw new Error('--render: writes docs/iommu.md; leave --out away');
  if (flags.quick && isCommitted) {
    throw new Error('--quick: its budgets are too small for docs/iommu.md; add --out FOLDER');
  }
}

/**
 * Results are those of one model. If what is recorded is of another one, all of it has to go: only a run that measures all of it again may do
 * so. Another folder has results of its own, and nothing is lost with them.
 *
 * @throws Error with the remedy.
 */
export function resultsToContinue(before, hash, flags, isCommitted) {
  if (before.model === hash) return before;
  const partial = given(flags, PARTIAL);
  if (before.model !== '' && isCommitted && partial.length > 0) {
    throw new Error(
      `docs/iommu-results.json is of the model ${before.model.slice(0, 16)}, this one is ${hash.slice(0, 16)}: ` +
        `with ${partial.join(', ')} its other results would be lost; add --out FOLDER, or measure everything`,
    );
  }
  return { model: hash };
}
