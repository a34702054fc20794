/** How a campaign came to a finding, in words. Pure. */
import { formatCount } from '../ui/format.js';
import type { FindingRecord } from './finding.js';

/** Sources that are no strategy of executions. */
const SOURCES: Readonly<Record<string, string>> = {
  corpus: 'an entry of the corpus',
  foreign: 'an entry from another campaign',
};

/** `surw, execution 12`; empty if the finding does not tell. */
export function foundByText({ foundBy, executions }: Pick<FindingRecord, 'foundBy' | 'executions'>): string {
  if (foundBy === undefined) return '';
  if (foundBy === 'search') return `the exhaustive search, beside ${formatCount(executions)} executions`;
  return SOURCES[foundBy] ?? `${foundBy}, execution ${formatCount(executions)}`;
}
