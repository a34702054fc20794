/** The order of the test files: a long one that begins last would leave all processors but one idle at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Without a record of an earlier run, Vitest goes by the size of the file. These take long and are short; what is missing here is only slower. */
const LONGEST = [
  'sctbench/programs.test.ts',
  'iommu/smallest.test.ts',
  'replay/processes.test.ts',
  'bench/peers.long.test.ts',
  'verify/liveness.long.test.ts',
  'bench/native.long.test.ts',
  'cli/status.test.ts',
  'mutate/command.long.test.ts',
  'corpus/regressions.test.ts',
  'testing/expect-model.long.test.ts',
  'cli/new.long.test.ts',
  'corpus/minimize.test.ts',
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
