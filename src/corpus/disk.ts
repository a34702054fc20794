/**
 * Every write of a campaign goes through here: the one place where a test can make the n-th write fail, fall short, or be the last one of a
 * process that is killed. Reads are not here: they change nothing.
 */
import fs from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

/** What a test makes of one operation. `torn`: half of the bytes arrive, then EIO. `crash`: this and all later operations do not happen. */
export type Fault = 'ENOSPC' | 'EIO' | 'torn' | 'crash';

/** Asked before each operation; null lets it happen. */
export type FaultPlan = (operation: string, path: string) => Fault | null;

/** Stands for the death of the process: no code may take it for an error of the disk. */
export class SimulatedCrash extends Error {
  override readonly name = 'SimulatedCrash';
}

const fsync = promisify(fs.fsync);

let plan: FaultPlan | null = null;
let crashed = false;

/** For tests. null: back to the real disk. */
export function injectFaults(faults: FaultPlan | null): void {
  plan = faults;
  crashed = false;
}

function before(operation: string, path: string): 'torn' | null {
  if (plan === null) return null;
  if (crashed) throw new SimulatedCrash(`${operation} ${path} after the crash`);
  const fault = plan(operation, path);
  if (fault === null) return null;
  if (fault === 'crash') {
    crashed = true;
    throw new SimulatedCrash(`crash at ${operation} ${path}`);
  }
  if (fault === 'torn' && operation === 'write') return 'torn';
  const code = fault === 'torn' ? 'EIO' : fault;
  throw Object.assign(new Error(`${code}: injected, ${operation} '${path}'`), { code });
}

/** With those above it. Not by Node's `recursive`, which tries for ever where the parent is there and nothing can be made, as in /proc. */
function makeFolder(path: string): void {
  const above = dirname(path);
  if (above !== path && !fs.existsSync(above)) makeFolder(above);
  try {
    fs.mkdirSync(path);
  } catch (error) {
    // Somebody else was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !fs.statSync(path).isDirectory()) throw error;
  }
}

export const disk = {
  mkdir(path: string): void {
    if (fs.existsSync(path)) return;
    before('mkdir', path);
    makeFolder(resolve(path));
  },

  /** @param flags as of `fs.openSync` */
  open(path: string, flags: 'w' | 'wx' | 'a'): number {
    before('open', path);
    return fs.openSync(path, flags);
  },

  /** All of the bytes, or an error. */
  write(fd: number, bytes: Uint8Array, path: string): void {
    const isTorn = before('write', path) === 'torn';
    const end = isTorn ? bytes.length >> 1 : bytes.length;
    for (let at = 0; at < end; ) at += fs.writeSync(fd, bytes, at, end - at);
    if (isTorn) throw Object.assign(new Error(`EIO: injected after ${end} bytes, write '${path}'`), { code: 'EIO' });
  },

  sync(fd: number, path: string): void {
    before('fsync', path);
    fs.fsyncSync(fd);
  },

  /** The same for a caller that does not wait: the disk can flush several at once. */
  async flush(fd: number, path: string): Promise<void> {
    before('fsync', path);
    await fsync(fd);
  },

  /** Never fails on purpose: it writes nothing. */
  close(fd: number): void {
    fs.closeSync(fd);
  },

  rename(from: string, to: string): void {
    before('rename', to);
    fs.renameSync(from, to);
  },

  /** A second name for a file that is there; EEXIST if that name is taken. */
  link(from: string, to: string): void {
    before('link', to);
    fs.linkSync(from, to);
  },

  /** Whether it was there or not. */
  remove(path: string): void {
    before('remove', path);
    fs.rmSync(path, { force: true });
  },
};
