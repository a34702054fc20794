/** `heddle report`: the findings of a campaign for people, for CI servers and for code scanning. */
import { IS_PATH } from '../build/resolve.js';
import { writeFileAtomic } from '../corpus/atomic.js';
import { EXIT, HeddleError } from '../errors.js';
import type { ViewerData } from '../explain/viewer-data.js';
import { knownSignatures } from '../findings/known.js';
import { findingId } from '../findings/store.js';
import { type CampaignReport, readCampaign } from '../report/campaign-report.js';
import { reportDocument } from '../report/document.js';
import { renderReportHtml } from '../report/html.js';
import { renderJunit } from '../report/junit.js';
import { renderReportMarkdown } from '../report/markdown.js';
import { renderSarif } from '../report/sarif.js';
import { invocation, packageVersion } from './about.js';
import { shellWord } from '../ui/shell-word.js';
import { explainFolder } from './explain.js';
import type { Terminal } from './terminal.js';

export interface ReportFlags {
  readonly format: 'markdown' | 'html' | 'sarif' | 'junit' | 'json';
  readonly output?: string;
  readonly known?: string;
  /** false: HTML without the runs of the findings, for which each is explained. */
  readonly viewer?: boolean;
}

type Views = ReadonlyMap<string, ViewerData>;

const RENDER: Readonly<Record<ReportFlags['format'], (report: CampaignReport, views: Views) => string>> = {
  markdown: renderReportMarkdown,
  html: renderReportHtml,
  sarif: (report) => renderSarif(report, packageVersion()),
  junit: renderJunit,
  json: (report) => `${JSON.stringify(reportDocument(report), null, 2)}\n`,
};

/** Answers the exit code: 3 if there is a finding that is not known, or of which that cannot be told. */
export async function report(outDir: string, flags: ReportFlags, terminal: Terminal): Promise<number> {
  const refuse = (file: string, reason: string): void =>
    terminal.log(`${terminal.err.yellow('warning:')} ${file} is left out: ${reason}`);
  const known = flags.known === undefined ? new Set<string>() : knownSignatures(flags.known, refuse);
  const commandOf = (folder: string, model: string): string => {
    return `${invocation()} replay ${shellWord(folder)}${IS_PATH.test(model) ? ` ${shellWord(model)}` : ''}`;
  };
  const campaign = readCampaign(outDir, { commandOf, known, refuse });
  const isStepped = flags.format === 'html' && flags.viewer !== false;
  const text = RENDER[flags.format](campaign, isStepped ? await viewsOf(campaign, terminal) : new Map());
  if (flags.output === undefined) terminal.print(text.trimEnd());
  else writeFileAtomic(flags.output, text);
  const isClean = campaign.unreadable.length === 0 && campaign.findings.every((finding) => finding.known);
  return isClean ? EXIT.ok : EXIT.finding;
}

/** The run of each finding, explained; of one that the model does not show any more, a warning. */
async function viewsOf({ findings }: CampaignReport, terminal: Terminal): Promise<Views> {
  const views = new Map<string, ViewerData>();
  for (const [i, { record, folder }] of findings.entries()) {
    if (findings.length > 1) terminal.log(`explaining ${i + 1} of ${findings.length}: ${record.title}`);
    try {
      views.set(findingId(record), (await explainFolder(folder)).viewer);
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      terminal.log(`${terminal.err.yellow('warning:')} ${record.title} cannot be stepped through: ${error.message}`);
    }
  }
  return views;
}
