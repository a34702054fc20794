/**
 * The lock of a campaign folder: a file with pid, start of the process and host. A lock whose process is gone, or whose pid belongs to a
 * process that started at another time, is stale and is taken over. No clock is asked, so one that jumps changes nothing.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { disk, SimulatedCrash } from '../corpus/disk.js';
import { HeddleError } from '../errors.js';

const Holder = v.object({
  pid: v.number(),
  /** Boot of the machine, and ticks from there to the start of the process; empty where the system does not tell. */
  start: v.string(),
  host: v.string(),
});
export type Holder = v.InferOutput<typeof Holder>;

/** `none`: no lock. `foreign`: a process of another host, of which nothing can be known here. */
export type LockState =
  | { readonly state: 'none' }
  | { readonly state: 'held' | 'stale' | 'foreign'; readonly holder: Holder | null };

const ATTEMPTS = 3;

export class FolderLock {
  private constructor(private readonly path: string) {}

  /** @throws HeddleError HDL_USAGE if a living campaign has it, HDL_IO if the folder cannot be written. */
  static take(dir: string): FolderLock {
    const path = lockFile(dir);
    try {
      disk.mkdir(dir);
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (create(path)) return new FolderLock(path);
        const found = lockState(dir);
        if (found.state === 'held' || found.state === 'foreign') throw inUse(dir, path, found);
        disk.remove(path);
      }
    } catch (cause) {
      if (cause instanceof HeddleError || cause instanceof SimulatedCrash) throw cause;
      throw new HeddleError('HDL_IO', `cannot lock ${dir}: ${(cause as Error).message}`, {
        hint: 'check free space and permissions, or name another folder with -o',
        cause,
      });
    }
    throw new HeddleError('HDL_USAGE', `${dir} is being taken by another campaign`, {
      hint: 'Name another folder with -o.',
    });
  }

  release(): void {
    disk.remove(this.path);
  }
}

export function lockState(dir: string): LockState {
  let text: string;
  try {
    text = readFileSync(lockFile(dir), 'utf8');
  } catch {
    return { state: 'none' };
  }
  const holder = parseHolder(text);
  // Half a lock: its writer died while it wrote.
  if (!holder) return { state: 'stale', holder: null };
  if (holder.host !== hostname()) return { state: 'foreign', holder };
  return { state: startOf(holder.pid) === holder.start && isAlive(holder.pid) ? 'held' : 'stale', holder };
}

const lockFile = (dir: string): string => join(dir, 'lock');

function create(path: string): boolean {
  let fd: number;
  try {
    fd = disk.open(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  const holder: Holder = { pid: process.pid, start: startOf(process.pid), host: hostname() };
  try {
    disk.write(fd, Buffer.from(`${JSON.stringify(holder)}\n`), path);
  } catch (error) {
    if (!(error instanceof SimulatedCrash)) disk.remove(path);
    throw error;
  } finally {
    disk.close(fd);
  }
  return true;
}

function parseHolder(text: string): Holder | null {
  try {
    const parsed = v.safeParse(Holder, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Linux: field 22 of `stat`, after the name in parentheses, which may hold spaces. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`;
  } catch {
    return '';
  }
}

function inUse(dir: string, path: string, { state, holder }: Exclude<LockState, { state: 'none' }>): HeddleError {
  const who = `process ${holder?.pid} on ${holder?.host}`;
  const foreign = state === 'foreign' ? ` If that campaign is dead, remove ${path}.` : '';
  return new HeddleError('HDL_USAGE', `${dir} is in use by ${who}`, {
    hint: `Name another folder with -o; --share lets campaigns exchange what they find.${foreign}`,
  });
}
