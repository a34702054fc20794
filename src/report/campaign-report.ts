/** What a report is about: the findings of a campaign's folder. Every format renders the same object. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { modelFrom, readHeader } from '../campaign/header.js';
import { readSeen, type Seen, seenFile } from '../campaign/seen.js';
import { HeddleError } from '../errors.js';
import type { FindingRecord } from '../findings/finding.js';
import { findingDir, findingId, loadFindings } from '../findings/store.js';
import { refuseSpecial } from '../regular-file.js';

export interface ReportedFinding {
  readonly record: FindingRecord;
  readonly folder: string;
  /** To paste. */
  readonly command: string;
  /** Its signature is among those that were given as known. */
  readonly known: boolean;
  /** When it was first and last reported, in all runs; null: unknown. */
  readonly seen: Seen | null;
}

/** A finding that is there, of which nothing else can be said. */
export interface UnreadableFinding {
  readonly file: string;
  readonly reason: string;
}

export interface CampaignReport {
  readonly model: string;
  readonly modelHash: string;
  /** Of the last campaign in the folder; findings say their own. */
  readonly design: string;
  readonly scene: string | null;
  readonly options: Readonly<Record<string, number>>;
  readonly seed: string;
  readonly outDir: string;
  /** The model as it can be named here: its file, or the name of one of Heddle's. */
  readonly source: string;
  /** null: the campaign wrote no statistics. */
  readonly executions: number | null;
  readonly elapsedMs: number | null;
  readonly findings: readonly ReportedFinding[];
  /** No report may pass over them: each may be one that nobody knows. */
  readonly unreadable: readonly UnreadableFinding[];
}

const Stats = v.object({ executions: v.number(), elapsedMs: v.number() });

/** The findings of each design: first the campaign's own, be there any or not, then what campaigns of other designs left in the folder. */
export function byDesign({ design, findings }: CampaignReport): { design: string; findings: ReportedFinding[] }[] {
  const others = [...new Set(findings.map(({ record }) => record.design))].filter((name) => name !== design).sort();
  return [design, ...others].map((name) => ({
    design: name,
    findings: findings.filter(({ record }) => record.design === name),
  }));
}

export interface ReportSources {
  /** The command that replays a finding's folder, given the model as it can be named here. */
  readonly commandOf: (folder: string, model: string) => string;
  /** Signatures that are no news. */
  readonly known: ReadonlySet<string>;
  /** Told of each finding that cannot be read. */
  readonly refuse: (file: string, reason: string) => void;
}

/** @throws HeddleError HDL_USAGE if the folder is no campaign's, HDL_FORMAT_VERSION if its header cannot be read. */
export function readCampaign(outDir: string, { commandOf, known, refuse }: ReportSources): CampaignReport {
  const header = readHeader(outDir);
  if (header === null) {
    throw new HeddleError('HDL_USAGE', `${outDir} is not the folder of a campaign: it has no campaign.json`, {
      hint: 'heddle fuzz makes one below heddle-out/, or where --out says',
    });
  }
  const { modelArgument: _argument, modelPath: _path, ...rest } = header;
  const source = modelFrom(outDir, header);
  const stats = v.safeParse(Stats, parse(join(outDir, 'stats.json')));
  const seen = readSeen(seenFile(outDir));
  const unreadable: UnreadableFinding[] = [];
  const left = (file: string, reason: string): void => {
    unreadable.push({ file, reason });
    refuse(file, reason);
  };
  const findings = loadFindings(outDir, left).map((record) => {
    const folder = findingDir(outDir, record);
    return {
      record,
      folder,
      command: commandOf(folder, source),
      known: known.has(record.signature),
      seen: seen[findingId(record)] ?? null,
    };
  });
  return {
    ...rest,
    outDir,
    source,
    executions: stats.success ? stats.output.executions : null,
    elapsedMs: stats.success ? stats.output.elapsedMs : null,
    findings,
    unreadable,
  };
}

/** null if it cannot be read or is not JSON; the schema then says so. */
function parse(file: string): unknown {
  refuseSpecial(file);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
