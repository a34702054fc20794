/** As relink.test.ts, on models that take long to link: the IOMMU model takes half a minute. */
import { describe, it } from 'vitest';
import { expectNoDifference, RELINKED_STRATEGIES } from '../support/relinking.js';

const MODELS = [
  ['test/models/toy.ts', '', 'three'],
  ['examples/double-checked.ts', 'broken', ''],
  ['test/models/lock-cycles.ts', 'crossed', 'table'],
  ['assembly/models/iommu/index.ts', 'v6.6', 'walk-client'],
  ['assembly/models/iommu/index.ts', 'v6.1', 'full'],
] as const;

describe.each(MODELS)('%s %s %s', (...model) => {
  it.each(RELINKED_STRATEGIES)(
    '%s %d goes on with it as without it',
    (...strategy) => expectNoDifference(model, strategy),
    180_000,
  );
});
