/** The order of the test files: a long one that begins last would leave all processors but one idle at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Without a record of an earlier run, Vitest goes by the size of the file. These take long and are short; what is missing here is only slower. */
const LONGEST = [
  'replay/processes.test.ts',
  'sctbench/programs.test.ts',
  'iommu/smallest.test.ts',
  'bench/peers.long.test.ts',
  'cli/usage.test.ts',
  'campaign/search-arm.long.test.ts',
  'verify/liveness.long.test.ts',
  'iommu/designs.test.ts',
  'cli/fuzz.test.ts',
  'verify/ways.long.test.ts',
  'iommu/promises.long.test.ts',
  'cli/status.test.ts',
  'sync/campaigns.long.test.ts',
  'mutate/command.long.test.ts',
  'campaign/campaign.test.ts',
  'mutate/mutate.test.ts',
  'campaign/faults.test.ts',
  'corpus/regressions.test.ts',
  'compare/compare.test.ts',
  'testing/expect-model.long.test.ts',
  'browser/page.long.test.ts',
  'build/cache.long.test.ts',
  'verify/search.test.ts',
  'sync/hub.long.test.ts',
  'verify/verify.test.ts',
  'cli/new.long.test.ts',
  'bench/native.long.test.ts',
  'explain/viewer-data.test.ts',
  'corpus/minimize.test.ts',
  'explain/explanation.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}`));
      return place < 0 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
