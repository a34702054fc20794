/** The order of the test files: a long one that begins last would leave all processors but one idle at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Without a record of an earlier run, Vitest goes by the size of the file. These take long and are short; what is missing here is only slower. */
const LONGEST = [
  'bench/variant.long.test.ts',
  'iommu/smallest.test.ts',
  'cli/usage.test.ts',
  'iommu/promises.long.test.ts',
  'verify/random-programs.test.ts',
  'sctbench/samplers.test.ts',
  'bench/peers.long.test.ts',
  'strategies/points.test.ts',
  'campaign/campaign.test.ts',
  'verify/ways.long.test.ts',
  'replay/processes.test.ts',
  'link/background.long.test.ts',
  'sctbench/programs.test.ts',
  'executor/relink.long.test.ts',
  'sync/fleet.long.test.ts',
  'sync/peer.long.test.ts',
  'campaign/search-arm.long.test.ts',
  'browser/viewer.long.test.ts',
  'corpus/designs.long.test.ts',
  'edits/edits.long.test.ts',
  'executor/determinism.test.ts',
  'sync/campaigns.long.test.ts',
  'cli/replay.test.ts',
  'bench/flags.long.test.ts',
  'kit/flush.test.ts',
  'cli/max-steps.long.test.ts',
  'browser/page.long.test.ts',
  'build/diagnostics.test.ts',
  'verify/liveness.long.test.ts',
  'campaign/faults.test.ts',
  'mutate/command.long.test.ts',
  'report/report.test.ts',
  'executor/bad-numbers.test.ts',
  'replay/hostile.long.test.ts',
  'schedule/binary.test.ts',
  'iommu/designs.test.ts',
  'campaign/linking.test.ts',
  'cli/fuzz.test.ts',
  'sync/hub.long.test.ts',
  'compare/command.long.test.ts',
  'corpus/regressions.test.ts',
  'verify/verify.test.ts',
  'sync/verify.long.test.ts',
  'oracles/campaign.test.ts',
  'mutate/mutate.test.ts',
  'explain/viewer-data.test.ts',
  'bench/native.long.test.ts',
  'cli/minimize.test.ts',
  'campaign/lost-workers.long.test.ts',
  'cli/new.long.test.ts',
  'campaign/killed.test.ts',
  'cli/status.test.ts',
  'testing/expect-model.long.test.ts',
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
