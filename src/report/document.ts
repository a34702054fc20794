/** Findings as one JSON document, `heddle.report/1`. Pure. */
import { formatSchedule } from '../schedule/text.js';
import type { CampaignReport } from './campaign-report.js';

export function reportDocument(report: CampaignReport): object {
  return {
    schema: 'heddle.report/1',
    ...report,
    findings: report.findings.map(({ record, ...rest }) => ({
      ...record,
      ...rest,
      schedule: formatSchedule(record.schedule),
      earlier: (record.earlier ?? []).map(formatSchedule),
    })),
  };
}
