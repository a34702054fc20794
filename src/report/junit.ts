/** Findings as JUnit's XML, which CI servers show as tests: a failed test a finding, skipped if it is known; one that passed if there is none. Pure. */
import { findingId } from '../findings/store.js';
import { plural } from '../ui/format.js';
import type { CampaignReport, ReportedFinding } from './campaign-report.js';
import { escapeHtml } from './page.js';

export function renderJunit(report: CampaignReport): string {
  const { model, design, scene, findings, executions, elapsedMs } = report;
  const suite = `heddle.${model}.${design}`;
  const fresh = findings.filter(({ known }) => !known);
  const ran = executions === null ? '' : ` in ${plural(executions, 'execution')}`;
  const passed = `    <testcase classname="${xml(suite)}" name="${xml(`${scene ?? 'all scenes'}: no new finding${ran}`)}"/>`;
  const cases = [...findings.map((finding) => caseOf(finding, suite)), ...(fresh.length === 0 ? [passed] : [])];
  const counts = `tests="${cases.length}" failures="${fresh.length}" skipped="${findings.length - fresh.length}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${xml(suite)}" ${counts} time="${((elapsedMs ?? 0) / 1000).toFixed(3)}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf({ record, command, known }: ReportedFinding, suite: string): string {
  const { title, symptom, kind, report } = record;
  const inside = known
    ? '      <skipped message="known"/>'
    : `      <failure type="${xml(kind)}" message="${xml(title)}">${xml(`${report}\n${command}`)}</failure>`;
  return [
    `    <testcase classname="${xml(suite)}" name="${xml(`${symptom}: ${title} (${findingId(record)})`)}">`,
    inside,
    '    </testcase>',
  ].join('\n');
}

/** XML 1.0 has no way to write most control characters, so they are left out. */
function xml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
  return escapeHtml(text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ''));
}
