/** `heddle report`: the findings of a campaign for people, for CI servers and for code scanning. */
import { writeFileAtomic } from '../corpus/atomic.js';
import { EXIT } from '../errors.js';
import { knownSignatures } from '../findings/known.js';
import { type CampaignReport, readCampaign } from '../report/campaign-report.js';
import { reportDocument } from '../report/document.js';
import { renderReportHtml } from '../report/html.js';
import { renderJunit } from '../report/junit.js';
import { renderReportMarkdown } from '../report/markdown.js';
import { renderSarif } from '../report/sarif.js';
import { invocation, packageVersion, shellWord } from './about.js';
import type { Terminal } from './terminal.js';

export interface ReportFlags {
  readonly format: 'markdown' | 'html' | 'sarif' | 'junit' | 'json';
  readonly output?: string;
  readonly known?: string;
}

const RENDER: Readonly<Record<ReportFlags['format'], (report: CampaignReport) => string>> = {
  markdown: renderReportMarkdown,
  html: renderReportHtml,
  sarif: (report) => renderSarif(report, packageVersion()),
  junit: renderJunit,
  json: (report) => `${JSON.stringify(reportDocument(report), null, 2)}\n`,
};

/** Answers the exit code: 3 if there is a finding that is not known. */
export function report(outDir: string, flags: ReportFlags, terminal: Terminal): number {
  const refuse = (file: string, reason: string): void =>
    terminal.log(`${terminal.err.yellow('warning:')} ${file} is left out: ${reason}`);
  const known = flags.known === undefined ? new Set<string>() : knownSignatures(flags.known, refuse);
  const commandOf = (folder: string, model: string): string => {
    const isPath = /[/\\]|\.ts$/.test(model);
    return `${invocation()} replay ${shellWord(folder)}${isPath ? ` ${shellWord(model)}` : ''}`;
  };
  const campaign = readCampaign(outDir, { commandOf, known, refuse });
  const text = RENDER[flags.format](campaign);
  if (flags.output === undefined) terminal.print(text.trimEnd());
  else writeFileAtomic(flags.output, text);
  return campaign.findings.some((finding) => !finding.known) ? EXIT.finding : EXIT.ok;
}
