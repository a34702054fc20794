/** Files that are whole or absent, whatever happens while they are written. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { HeddleError } from '../errors.js';

let serial = 0;

/**
 * Writes a file by way of a temporary one in the same folder: temp → fsync → rename. Folders are made.
 *
 * @throws HeddleError HDL_IO naming the file, with the old file untouched.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  serial += 1;
  const temporary = `${path}.${process.pid}.${serial}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const fd = openSync(temporary, 'w');
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new HeddleError('HDL_IO', `cannot write ${path}: ${(cause as Error).message}`, {
      hint: 'check free space and permissions, or name another folder with -o',
      cause,
    });
  }
}
