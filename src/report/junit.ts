/**
 * Findings as JUnit's XML, which CI servers show as tests: a failed test a finding, skipped if it is known; an error one that cannot be read; one that passed
 * if there is none. Pure.
 */
import { findingId } from '../findings/store.js';
import { plural } from '../ui/format.js';
import type { CampaignReport, ReportedFinding, UnreadableFinding } from './campaign-report.js';
import { escapeHtml } from './page.js';

export function renderJunit(report: CampaignReport): string {
  const { model, design, scene, findings, unreadable, executions, elapsedMs } = report;
  const suite = `heddle.${model}.${design}`;
  const fresh = findings.filter(({ known }) => !known);
  const ran = executions === null ? '' : ` in ${plural(executions, 'execution')}`;
  const passed = `    <testcase classname="${xml(suite)}" name="${xml(`${scene ?? 'all scenes'}: no new finding${ran}`)}"/>`;
  const cases = [
    ...findings.map((finding) => caseOf(finding, suite)),
    ...unreadable.map((finding) => errorOf(finding, suite)),
    ...(fresh.length + unreadable.length === 0 ? [passed] : []),
  ];
  const counts = `tests="${cases.length}" failures="${fresh.length}" skipped="${findings.length - fresh.length}" errors="${unreadable.length}"`;
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

function errorOf({ file, reason }: UnreadableFinding, suite: string): string {
  return [
    `    <testcase classname="${xml(suite)}" name="${xml(`cannot be read: ${file}`)}">`,
    `      <error type="unreadable" message="${xml(reason)}"/>`,
    '    </testcase>',
  ].join('\n');
}

/** XML 1.0 has no way to write most control characters, so they are left out. */
function xml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
  return escapeHtml(text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ''));
}
