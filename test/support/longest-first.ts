/** The order of the test files: a long one that begins last would leave all processors but one idle at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Without a record of an earlier run, Vitest goes by the size of the file. These take long and are short; what is missing here is only slower. */
const LONGEST = [
  'iommu/promises.long.test.ts',
  'edits/edits.long.test.ts',
  'sctbench/programs.test.ts',
  'bench/variant.long.test.ts',
  'verify/ways.long.test.ts',
  'browser/page.long.test.ts',
  'iommu/smallest.test.ts',
  'replay/processes.test.ts',
  'campaign/campaign.test.ts',
  'campaign/search-arm.long.test.ts',
  'sync/campaigns.long.test.ts',
  'cli/usage.test.ts',
  'bench/peers.long.test.ts',
  'browser/viewer.long.test.ts',
  'cli/fuzz.test.ts',
  'verify/liveness.long.test.ts',
  'mutate/command.long.test.ts',
  'iommu/designs.test.ts',
  'compare/command.long.test.ts',
  'cli/new.long.test.ts',
  'replay/hostile.long.test.ts',
  'verify/verify.test.ts',
  'corpus/regressions.test.ts',
  'testing/expect-model.long.test.ts',
  'cli/replay.test.ts',
  'bench/native.long.test.ts',
  'strategies/points.test.ts',
  'mutate/mutate.test.ts',
  'sync/verify.long.test.ts',
  'sync/fleet.long.test.ts',
  'sync/hub.long.test.ts',
  'sync/peer.long.test.ts',
  'explain/viewer-data.test.ts',
  'cli/minimize.test.ts',
  'campaign/killed.test.ts',
  'campaign/lost-workers.long.test.ts',
  'schedule/binary.test.ts',
  'oracles/campaign.test.ts',
  'report/report.test.ts',
  'cli/status.test.ts',
  'campaign/faults.test.ts',
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
