/**
 * A folder through which campaigns exchange their corpora: shared, or synced by whatever means. Files have the names of their contents and are
 * whole or absent, so any number of processes can write at once, and merging is the union. What comes from it is run before it is believed.
 */
import { statSync } from 'node:fs';
import { readEntryFile } from '../corpus/read-entry.js';
import { CorpusStore } from '../corpus/store.js';
import type { ForeignEntry } from './foreign.js';

/** Files that are read at one go, so that a large folder does not keep the campaign from its work. */
const ROUND_MAX = 256;

export class SharedCorpus {
  readonly store: CorpusStore;
  /** Version of each file that was looked at: one that is synced in pieces is looked at again. */
  private readonly looked = new Map<string, string>();
  private readonly ours = new Set<string>();

  constructor(readonly dir: string) {
    this.store = new CorpusStore(dir);
  }

  /** What was written by this campaign, or is in its corpus, is not read back. */
  own(id: string): void {
    this.ours.add(id);
  }

  /** Files that are new since the last call, at most `max`; the others at the next call. */
  news(max: number): ForeignEntry[] {
    const news: ForeignEntry[] = [];
    for (const path of this.store.files()) {
      if (news.length >= Math.min(max, ROUND_MAX)) break;
      if (this.ours.has(path.slice(-22, -6))) continue;
      const version = versionOf(path);
      if (version === null || this.looked.get(path) === version) continue;
      this.looked.set(path, version);
      news.push({ origin: path, file: readEntryFile(path, true) });
    }
    return news;
  }
}

function versionOf(path: string): string | null {
  try {
    const { size, mtimeMs } = statSync(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return null;
  }
}
