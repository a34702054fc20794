/**
 * Reading folders that nobody vouches for. Before anything opens a file it must be a plain one of a bounded size: a link could lead out of the
 * folder, a pipe would block the process, and a huge file would fill its memory.
 */
import { lstatSync, type Stats } from 'node:fs';
import { HeddleError } from '../errors.js';

const MIB = 1 << 20;
/** Of a file that is read as a whole. A journal of 10^6 entries has 150 MiB. */
export const FILE_BYTES_MAX = 512 * MIB;
/** Of one finding; the largest of the IOMMU model has 60 kB. */
export const FINDING_BYTES_MAX = 4 * MIB;

/** Whether it is there. @throws HeddleError HDL_IO if it is no plain file, or too large. */
export function plainFile(path: string, bytesMax = FILE_BYTES_MAX): Stats | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (!stat.isFile()) throw refusal(path, 'is no plain file');
  if (stat.size > bytesMax) throw refusal(path, `has ${stat.size} bytes, more than ${bytesMax}`);
  return stat;
}

/** Whether it is there. @throws HeddleError HDL_IO if it is no folder. */
export function plainFolder(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  if (!stat.isDirectory()) throw refusal(path, 'is no folder');
  return true;
}

/** Changes whenever the file does; empty if it is not there. */
export function fingerprint(path: string): string {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : '';
}

function refusal(path: string, what: string): HeddleError {
  return new HeddleError('HDL_IO', `${path} ${what}`, {
    hint: 'heddle serve reads folders as heddle fuzz writes them.',
  });
}

/** The message of anything that was thrown. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
