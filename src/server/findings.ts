/** The findings of a campaign's folder, each read once while its file stays the same. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readSeen, type Seen, seenFile } from '../campaign/seen.js';
import type { FindingRecord } from '../findings/finding.js';
import { foundByText } from '../findings/found-by.js';
import { findingId, findingsDir, loadFinding } from '../findings/store.js';
import { formatSchedule } from '../schedule/text.js';
import type { FindingSummary, FindingView } from './api.js';
import { Memo } from './memo.js';
import { FINDING_BYTES_MAX, fingerprint, plainFile, plainFolder, reason } from './untrusted.js';

/** What names of findings' folders look like; nothing else is ever joined to a path. */
export const FINDING_ID = /^[a-z][a-z-]{0,40}-[0-9a-f]{16}$/;
/** Findings of one campaign that are read. */
const FINDINGS_MAX = 1000;

export interface FindingList {
  readonly findings: readonly FindingSummary[];
  /** Why some are missing. */
  readonly problems: readonly string[];
}

type Loaded = { readonly record: FindingRecord } | { readonly problem: string } | null;

export class FindingReader {
  private readonly records = new Memo<Loaded>();
  private readonly seen = new Memo<Readonly<Record<string, Seen>>>();

  list(dir: string): FindingList {
    const findings: FindingSummary[] = [];
    const problems: string[] = [];
    const ids = this.ids(dir, problems);
    const seen = this.seenOf(dir);
    for (const id of ids.slice(0, FINDINGS_MAX)) {
      const loaded = this.load(dir, id);
      if (loaded === null) continue;
      if ('problem' in loaded) problems.push(loaded.problem);
      else findings.push(summaryOf(loaded.record, seen[id] ?? null));
    }
    if (ids.length > FINDINGS_MAX) problems.push(`${ids.length - FINDINGS_MAX} more findings are not shown`);
    return { findings, problems };
  }

  /** null: there is none of this name. `command` is to paste. @throws Error if it cannot be read. */
  view(dir: string, id: string, command: string): FindingView | null {
    const loaded = FINDING_ID.test(id) ? this.load(dir, id) : null;
    if (loaded === null) return null;
    if ('problem' in loaded) throw new UnreadableError(loaded.problem);
    const { record } = loaded;
    const { design, diagram, report, schedule, minimality = null, executions } = record;
    const summary = summaryOf(record, this.seenOf(dir)[id] ?? null);
    return {
      ...{ ...summary, design, diagram, report, minimality, executions, command },
      schedule: formatSchedule(schedule),
      foundBy: foundByText(record),
    };
  }

  private ids(dir: string, problems: string[]): string[] {
    const folder = findingsDir(dir);
    try {
      return plainFolder(folder)
        ? readdirSync(folder)
            .filter((name) => FINDING_ID.test(name))
            .sort()
        : [];
    } catch (error) {
      problems.push(reason(error));
      return [];
    }
  }

  private load(dir: string, id: string): Loaded {
    const folder = join(findingsDir(dir), id);
    const file = join(folder, 'finding.json');
    return this.records.of(file, fingerprint(file), () => {
      try {
        if (!plainFolder(findingsDir(dir)) || !plainFolder(folder) || !plainFile(file, FINDING_BYTES_MAX)) return null;
        const record = loadFinding(file);
        return findingId(record) === id ? { record } : { problem: `${file} is of another finding than its folder` };
      } catch (error) {
        return { problem: reason(error) };
      }
    });
  }

  private seenOf(dir: string): Readonly<Record<string, Seen>> {
    const file = seenFile(dir);
    return this.seen.of(file, fingerprint(file), () => {
      try {
        return plainFile(file, FINDING_BYTES_MAX) ? readSeen(file) : {};
      } catch {
        return {};
      }
    });
  }
}

/** Something of the folder is there and cannot be read; the request was right. */
export class UnreadableError extends Error {}

function summaryOf(record: FindingRecord, seen: Seen | null): FindingSummary {
  const { title, kind, symptom, signature, scene, preemptions, minimized, schedule, minimality } = record;
  return {
    id: findingId(record),
    ...{ title, kind, symptom, signature, scene, preemptions, minimized, seen },
    events: schedule.events.length,
    proved: minimality?.proved ?? false,
  };
}
