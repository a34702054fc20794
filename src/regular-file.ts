/** Opening a pipe or a device can wait for ever, and nothing ends a thread that waits there: what a folder or a schedule names is looked at first. */
import { readFileSync, type Stats, statSync } from 'node:fs';
import { HeddleError } from './errors.js';

/** Something else than a file or a folder, behind links as well. */
export function isSpecial(stats: Stats): boolean {
  return !stats.isFile() && !stats.isDirectory();
}

/**
 * What cannot be looked at, is not there, or is a folder, is for who reads it.
 *
 * @throws HeddleError HDL_IO if there is a pipe, a socket or a device at the path.
 */
export function refuseSpecial(path: string): void {
  let stats: Stats | undefined;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
  } catch {
    return;
  }
  if (stats && isSpecial(stats)) throw specialFile(path);
}

/**
 * The text of a file; null if there is none.
 *
 * @throws HeddleError HDL_IO if there is something else than a file at the path, or if it cannot be read.
 */
export function readRegular(path: string): string | null {
  refuseSpecial(path);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EISDIR') throw noRegularFile(path);
    throw new HeddleError('HDL_IO', `cannot read ${path}: ${message}`, { hint: 'check its permissions', cause });
  }
}

/** For one that must be a file, and is a folder or something special. */
export function noRegularFile(path: string): HeddleError {
  return new HeddleError('HDL_IO', `${path} is a folder, a pipe or a device where a file should be`, {
    hint: 'move it away, or name another folder',
  });
}

export function specialFile(path: string): HeddleError {
  return new HeddleError('HDL_IO', `${path} is no regular file but a pipe, a socket or a device: it is not read`, {
    hint: 'put a regular file in its place, or name another',
  });
}
