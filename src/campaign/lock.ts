/**
 * The lock of a campaign folder: a file with pid, start of the process and host. A lock whose process is gone, or whose pid belongs to a
 * process that started at another time, is stale and is taken over. No clock is asked, so one that jumps changes nothing.
 *
 * Exactly one of many takes over. A lock appears whole, by a hard link, and no two have the same content. Whoever finds it stale links its own as
 * `lock.after-<hash of the stale one>`: the file system lets one do so. If `lock` is then still the stale one, the winner renames its own over it;
 * if not, somebody had won before and was quicker, and the claim is void. A claim whose process is gone is claimed in the same way.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { disk, SimulatedCrash } from '../corpus/disk.js';
import { HeddleError } from '../errors.js';
import { refuseSpecial } from '../regular-file.js';

const Holder = v.object({
  pid: v.number(),
  /** Boot of the machine, and ticks from there to the start of the process; empty where the system does not tell. */
  start: v.string(),
  host: v.string(),
  /** No two locks have the same; those of earlier versions have none. */
  nonce: v.optional(v.string()),
});
export type Holder = v.InferOutput<typeof Holder>;

/** `none`: no lock. `foreign`: a process of another host, of which nothing can be known here. */
export type LockState =
  | { readonly state: 'none' }
  | { readonly state: 'held' | 'stale' | 'foreign'; readonly holder: Holder | null };

const ATTEMPTS = 5;
/** Systems of files that know no hard links. */
const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];
/** Any other error says nothing of whether it is there. */
const GONE: readonly unknown[] = ['ENOENT', 'ENOTDIR'];
const CLAIM = '.after-';
let serial = 0;

export class FolderLock {
  private constructor(
    private readonly path: string,
    private readonly content: string,
  ) {}

  /** @throws HeddleError HDL_USAGE if a living campaign has it, HDL_IO if the folder cannot be written. */
  static take(dir: string): FolderLock {
    const path = lockFile(dir);
    const start = startOf(process.pid);
    const holder: Holder = { pid: process.pid, start, host: hostname(), nonce: randomUUID() };
    const content = `${JSON.stringify(holder)}\n`;
    try {
      disk.mkdir(dir);
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const chain = chainOf(path);
        const last = chain.at(-1);
        if (last === undefined) {
          if (publish(content, path, path)) return new FolderLock(path, content);
          continue;
        }
        const found = stateOf(last);
        if (found.state !== 'stale') throw inUse(dir, path, found);
        if (takeOver(path, last, content)) return new FolderLock(path, content);
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

  /** false: the folder was moved or removed, or somebody has taken the lock away. */
  isHeld(): boolean {
    try {
      return readFileSync(this.path, 'utf8') === this.content;
    } catch (error) {
      return !GONE.includes((error as NodeJS.ErrnoException).code);
    }
  }

  /** Removes it; one that is not ours, since somebody removed ours by hand, is left alone. */
  release(): void {
    if (readOrNull(this.path) === this.content) disk.remove(this.path);
  }
}

export function lockState(dir: string): LockState {
  const last = chainOf(lockFile(dir)).at(-1);
  return last === undefined ? { state: 'none' } : stateOf(last);
}

function stateOf(text: string): Exclude<LockState, { state: 'none' }> {
  const holder = parseHolder(text);
  // Half a lock: its writer died while it wrote, on a system of files without hard links.
  if (!holder) return { state: 'stale', holder: null };
  if (holder.host !== hostname()) return { state: 'foreign', holder };
  return { state: startOf(holder.pid) === holder.start && isAlive(holder.pid) ? 'held' : 'stale', holder };
}

const lockFile = (dir: string): string => join(dir, 'lock');

const claimOf = (path: string, content: string): string =>
  `${path}${CLAIM}${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;

/** The lock, the claim on it, the claim on that, …: who has the folder is last. */
function chainOf(path: string): string[] {
  const chain: string[] = [];
  for (let at = path; ; ) {
    const content = readOrNull(at);
    if (content === null || chain.includes(content)) return chain;
    chain.push(content);
    at = claimOf(path, content);
  }
}

/** Whether the stale holder's place is ours now. */
function takeOver(path: string, stale: string, content: string): boolean {
  const claim = claimOf(path, stale);
  if (!publish(content, claim, path)) return false;
  // The claim counts if it leads here from the lock. If not, somebody has taken over since the lock was read.
  if (chainOf(path).at(-1) !== content) {
    disk.remove(claim);
    return false;
  }
  disk.rename(claim, path);
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(`${basename(path)}${CLAIM}`)) disk.remove(join(dirname(path), name));
  }
  return true;
}

/** Writes a file that is whole from the moment it is there; false: there is one. */
function publish(content: string, target: string, path: string): boolean {
  serial += 1;
  const temporary = `${path}.${process.pid}.${serial}.tmp`;
  try {
    write(content, temporary, 'w');
    try {
      disk.link(temporary, target);
    } catch (error) {
      if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code)) throw error;
      write(content, target, 'wx');
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    removeQuietly(temporary);
  }
}

/** All of it or nothing. */
function write(content: string, path: string, flags: 'w' | 'wx'): void {
  const fd = disk.open(path, flags);
  try {
    disk.write(fd, Buffer.from(content), path);
  } catch (error) {
    if (!(error instanceof SimulatedCrash)) disk.remove(path);
    throw error;
  } finally {
    disk.close(fd);
  }
}

function removeQuietly(path: string): void {
  try {
    disk.remove(path);
  } catch {
    // The next start removes it.
  }
}

function readOrNull(path: string): string | null {
  refuseSpecial(path);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
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
