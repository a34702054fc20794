/** Files that are whole or absent, whatever happens while they are written. */
import { dirname } from 'node:path';
import { HeddleError } from '../errors.js';
import { disk, SimulatedCrash } from './disk.js';

let serial = 0;

/**
 * Writes a file, whole or in chunks, by way of a temporary one in the same folder: temp → fsync → rename. Folders are made.
 *
 * @throws HeddleError HDL_IO naming the file, with the old file untouched.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array | readonly Uint8Array[]): void {
  serial += 1;
  const temporary = `${path}.${process.pid}.${serial}.tmp`;
  try {
    disk.mkdir(dirname(path));
    const fd = disk.open(temporary, 'w');
    try {
      for (const bytes of chunksOf(content)) disk.write(fd, bytes, temporary);
      disk.sync(fd, temporary);
    } finally {
      disk.close(fd);
    }
    disk.rename(temporary, path);
  } catch (cause) {
    if (cause instanceof SimulatedCrash) throw cause;
    removeQuietly(temporary);
    throw new HeddleError('HDL_IO', `cannot write ${path}: ${(cause as Error).message}`, {
      hint: 'check free space and permissions, or name another folder with -o',
      cause,
    });
  }
}

/** The error that matters is the one before. */
function removeQuietly(path: string): void {
  try {
    disk.remove(path);
  } catch {
    // its folder is no folder
  }
}

function chunksOf(content: string | Uint8Array | readonly Uint8Array[]): readonly Uint8Array[] {
  if (typeof content === 'string') return [Buffer.from(content)];
  return content instanceof Uint8Array ? [content] : content;
}
