/**
 * Findings as JUnit's XML, which CI servers show as tests: a suite a design, a failed test a finding, skipped if it is known; an error one that
 * cannot be read; one that passed if there is none. Pure.
 */
import { findingId } from '../findings/store.js';
import { plural } from '../ui/format.js';
import { byDesign, type CampaignReport, type ReportedFinding, type UnreadableFinding } from './campaign-report.js';
import { escapeHtml } from './page.js';

export function renderJunit(report: CampaignReport): string {
  const suites = byDesign(report).map(({ design, findings }) => suiteOf(report, design, findings));
  const all = suites.reduce((sum, { counts }) => addCounts(sum, counts), NOTHING);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes(all)}>`,
    ...suites.flatMap(({ lines }) => lines),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
  readonly errors: number;
}

const NOTHING: Counts = { tests: 0, failures: 0, skipped: 0, errors: 0 };

function addCounts(a: Counts, b: Counts): Counts {
  const { tests, failures, skipped, errors } = a;
  return {
    tests: tests + b.tests,
    failures: failures + b.failures,
    skipped: skipped + b.skipped,
    errors: errors + b.errors,
  };
}

const attributes = (counts: Counts): string =>
  Object.entries(counts)
    .map(([name, n]) => `${name}="${n}"`)
    .join(' ');

/** Of the campaign's own design, which also tells what cannot be read and that nothing is new; or of another. */
function suiteOf(
  { model, design: own, scene, executions, elapsedMs, unreadable }: CampaignReport,
  design: string,
  findings: readonly ReportedFinding[],
): { readonly counts: Counts; readonly lines: readonly string[] } {
  const suite = `heddle.${model}.${design}`;
  const fresh = findings.filter(({ known }) => !known);
  const errors = design === own ? unreadable : [];
  const ran = executions === null ? '' : ` in ${plural(executions, 'execution')}`;
  const passed = `    <testcase classname="${xml(suite)}" name="${xml(`${scene ?? 'all scenes'}: no new finding${ran}`)}"/>`;
  const cases = [
    ...findings.map((finding) => caseOf(finding, suite)),
    ...errors.map((finding) => errorOf(finding, suite)),
    ...(design === own && fresh.length + errors.length === 0 ? [passed] : []),
  ];
  const skipped = findings.length - fresh.length;
  const counts = { tests: cases.length, failures: fresh.length, skipped, errors: errors.length };
  const seconds = design === own ? (elapsedMs ?? 0) / 1000 : 0;
  const head = `  <testsuite name="${xml(suite)}" ${attributes(counts)} time="${seconds.toFixed(3)}">`;
  return { counts, lines: [head, ...cases, '  </testsuite>'] };
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
