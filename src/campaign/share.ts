/**
 * A folder through which campaigns exchange their corpora: shared, or synced by whatever means. Files have the names of their contents and are
 * whole or absent, so any number of processes can write at once, and merging is the union. What comes from it is run before it is believed.
 */
import { statSync } from 'node:fs';
import { type EntryFile, readEntryFile } from '../corpus/read-entry.js';
import { CorpusStore } from '../corpus/store.js';

/** Files taken up in one round, so that a large folder does not keep the workers from fuzzing. */
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

  /** Files that are new since the last call, at most `ROUND_MAX`. */
  news(): { readonly path: string; readonly file: EntryFile }[] {
    const news: { path: string; file: EntryFile }[] = [];
    for (const path of this.store.files()) {
      if (news.length >= ROUND_MAX) break;
      if (this.ours.has(path.slice(-22, -6))) continue;
      const version = versionOf(path);
      if (version === null || this.looked.get(path) === version) continue;
      this.looked.set(path, version);
      news.push({ path, file: readEntryFile(path, true) });
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
