/** One line of status, for logs and pipes. Pure. */
import { formatDuration, formatShort, plural } from './format.js';
import type { CampaignView } from './view.js';

/** `[12 s] iommu v6.6: 1.2 M executions (98.4 k/s), corpus 31, 410 features, 1 finding`. */
export function renderLine({ model, design, status }: CampaignView): string {
  const parts = [
    `${formatShort(status.executions)} executions (${formatShort(status.executionsPerSecondNow)}/s)`,
    `corpus ${formatShort(status.corpus)}`,
    `${formatShort(status.features)} features`,
    `${formatShort(status.states)} states`,
    plural(status.findings, 'finding'),
  ];
  if (status.workersReplaced > 0) parts.push(`${plural(status.workersReplaced, 'worker')} replaced`);
  return `[${formatDuration(status.elapsedMs)}] ${model} ${design}: ${parts.join(', ')}`;
}
