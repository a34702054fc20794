/** Files that are whole or absent, whatever happens while they are written. */
import { dirname } from 'node:path';
import { HeddleError } from '../errors.js';
import { disk, SimulatedCrash } from './disk.js';

export type Content = string | Uint8Array | readonly Uint8Array[];

/** A file to be. */
export interface NewFile {
  readonly path: string;
  readonly content: Content;
}

let serial = 0;

/**
 * A file that is written under a temporary name in its own folder: it is there when it is flushed and placed. So several can be flushed at a
 * time.
 */
export class StagedFile {
  private isOpen = true;
  private isFlushed = false;
  private isPlaced = false;

  private constructor(
    private readonly path: string,
    private readonly temporary: string,
    private readonly fd: number,
  ) {}

  /** Folders are made. @throws HeddleError HDL_IO naming the file. */
  static write({ path, content }: NewFile): StagedFile {
    serial += 1;
    const temporary = `${path}.${process.pid}.${serial}.tmp`;
    return guarded(path, temporary, () => {
      const staged = new StagedFile(path, temporary, openNew(temporary));
      try {
        for (const bytes of chunksOf(content)) disk.write(staged.fd, bytes, temporary);
      } catch (error) {
        staged.close();
        throw error;
      }
      return staged;
    });
  }

  /** The disk has its content when this is fulfilled. @throws HeddleError HDL_IO; the file can only be written anew then. */
  async flush(): Promise<void> {
    if (this.isFlushed) return;
    try {
      await disk.flush(this.fd, this.temporary);
      this.isFlushed = true;
    } catch (cause) {
      fail(this.path, this.temporary, cause);
    } finally {
      this.close();
    }
  }

  /** The same; waits for the disk. */
  flushNow(): void {
    guarded(this.path, this.temporary, () => {
      try {
        disk.sync(this.fd, this.temporary);
        this.isFlushed = true;
      } finally {
        this.close();
      }
    });
  }

  /** From now on the file, which must be flushed, is there. @throws HeddleError HDL_IO, with the old file untouched. */
  place(): void {
    if (!this.isFlushed) throw new Error(`${this.path} is not flushed`);
    if (this.isPlaced) return;
    guarded(this.path, this.temporary, () => disk.rename(this.temporary, this.path));
    this.isPlaced = true;
  }

  /** It will not be placed. */
  discard(): void {
    this.close();
    if (!this.isPlaced) removeQuietly(this.temporary);
  }

  private close(): void {
    if (this.isOpen) disk.close(this.fd);
    this.isOpen = false;
  }
}

/**
 * Writes a file, whole or in chunks, by way of a temporary one in the same folder: temp → fsync → rename. Folders are made.
 *
 * @throws HeddleError HDL_IO naming the file, with the old file untouched.
 */
export function writeFileAtomic(path: string, content: Content): void {
  const staged = StagedFile.write({ path, content });
  staged.flushNow();
  staged.place();
}

function openNew(temporary: string): number {
  try {
    return disk.open(temporary, 'w');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    disk.mkdir(dirname(temporary));
    return disk.open(temporary, 'w');
  }
}

function guarded<T>(path: string, temporary: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    return fail(path, temporary, cause);
  }
}

function fail(path: string, temporary: string, cause: unknown): never {
  if (cause instanceof SimulatedCrash) throw cause;
  removeQuietly(temporary);
  throw new HeddleError('HDL_IO', `cannot write ${path}: ${(cause as Error).message}`, {
    hint: 'check free space and permissions, or name another folder with -o',
    cause,
  });
}

/** The error that matters is the one before. */
function removeQuietly(path: string): void {
  try {
    disk.remove(path);
  } catch (error) {
    if (error instanceof SimulatedCrash) throw error;
    // its folder is no folder
  }
}

function chunksOf(content: Content): readonly Uint8Array[] {
  if (typeof content === 'string') return [Buffer.from(content)];
  return content instanceof Uint8Array ? [content] : content;
}
