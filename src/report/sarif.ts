/**
 * Findings as SARIF 2.1.0 (OASIS), which code-scanning services read. A rule a kind of finding; the fingerprint is the finding's signature, so
 * that a service recognises it in the next run. Pure.
 */
import { posix } from 'node:path';
import type { FindingKind } from '../executor/types.js';
import type { PlaceRecord } from '../findings/finding.js';
import { byDesign, type CampaignReport, type ReportedFinding, type UnreadableFinding } from './campaign-report.js';

/** What the system itself would survive at that moment. */
const WARNINGS: readonly FindingKind[] = ['data-race', 'lock-order', 'lockset', 'leak'];

/** Rule of findings that cannot be read: a service must not take them for repaired. */
const UNREADABLE = 'unreadable-finding';

export function renderSarif(report: CampaignReport, version: string): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: byDesign(report).map(({ design, findings }) => runOf(report, design, findings, version)),
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** A run a design: services compare a run with the one before of the same id. The campaign's own tells also what cannot be read. */
function runOf(report: CampaignReport, design: string, findings: readonly ReportedFinding[], version: string): object {
  const unreadable = design === report.design ? report.unreadable : [];
  const kinds = [...new Set(findings.map(({ record }) => record.kind))].sort();
  const rules = [...kinds, ...(unreadable.length > 0 ? [UNREADABLE] : [])];
  return {
    tool: {
      driver: {
        name: 'Heddle',
        semanticVersion: version,
        rules: rules.map((kind) => ({ id: kind, shortDescription: { text: kind.replaceAll('-', ' ') } })),
      },
    },
    automationDetails: { id: `heddle/${report.model}/${design}` },
    results: [
      ...findings.map((finding) => resultOf(finding, kinds, entryFile(report))),
      ...unreadable.map((finding) => unreadableResult(finding, kinds.length)),
    ],
  };
}

function resultOf({ record, command, known }: ReportedFinding, kinds: readonly FindingKind[], entry: string): object {
  const folder = posix.dirname(entry);
  const related = [
    { place: record.other ?? null, text: 'the other side' },
    { place: record.allocated, text: 'allocated here' },
    { place: record.freed, text: 'freed here' },
  ].flatMap(({ place, text }) => (place ? [{ ...locationOf(place, folder), message: { text } }] : []));
  return {
    ruleId: record.kind,
    ruleIndex: kinds.indexOf(record.kind),
    level: WARNINGS.includes(record.kind) ? 'warning' : 'error',
    message: { text: `${record.symptom}: ${record.title}\n\n${record.diagram}\n\n${command}` },
    // Services refuse a result without one: what shows at the end only stands at the model's first line.
    locations: [record.place ? locationOf(record.place, folder) : fileLocation(entry, 1)],
    ...(related.length > 0 ? { relatedLocations: related } : {}),
    partialFingerprints: { 'heddleSignature/v1': record.signature },
    ...(known ? { suppressions: [{ kind: 'external', status: 'accepted' }] } : {}),
    properties: {
      symptom: record.symptom,
      design: record.design,
      scene: record.scene,
      preemptions: record.preemptions,
      ...(record.foundBy === undefined ? {} : { foundBy: record.foundBy }),
    },
  };
}

function unreadableResult({ file, reason }: UnreadableFinding, ruleIndex: number): object {
  return {
    ...{ ruleId: UNREADABLE, ruleIndex, level: 'error' },
    message: { text: `a finding cannot be read: ${reason}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) } } }],
  };
}

const uriOf = (file: string): string => file.split('\\').map(encodeURI).join('/');

/** The model's file, from the folder in which the report is made: mostly the repository's root, as services want it. */
function entryFile({ source, model }: CampaignReport): string {
  const path = source.replaceAll('\\', '/');
  if (path.endsWith('.ts')) return posix.normalize(path);
  return path.includes('/') ? posix.join(path, 'index.ts') : `${model}.ts`;
}

function locationOf({ file, line, function: name }: PlaceRecord, folder: string): object {
  const location = fileLocation(posix.join(folder, file.replaceAll('\\', '/')), Math.max(1, line));
  return { ...location, logicalLocations: [{ name, kind: 'function' }] };
}

function fileLocation(path: string, line: number): object {
  return { physicalLocation: { artifactLocation: { uri: uriOf(path) }, region: { startLine: line } } };
}
