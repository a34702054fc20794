/** A search that was interrupted or killed, in one file: visited states, what is left to be tried, what was learned and found. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { writeFileAtomic } from '../corpus/atomic.js';
import { HeddleError } from '../errors.js';
import type { RawFinding } from '../executor/types.js';
import type { FindingRecord } from '../findings/finding.js';
import type { HotSchedule } from '../schedule/schedule.js';
import type { VerifyOptions } from './types.js';

const MAGIC = 'heddle.verify-checkpoint/2\n';

export interface Checkpoint {
  readonly elapsedMs: number;
  readonly states: number;
  readonly transitions: number;
  readonly depthMax: number;
  readonly restarts: number;
  readonly bounded: boolean;
  readonly log2: number;
  /** What was learned last makes the pass void: the search begins a new one, and has neither keys nor paths. */
  readonly isVoid: boolean;
  readonly records: readonly FindingRecord[];
  readonly acknowledged: readonly RawFinding[];
  /** Schedules that together take locks in all orders that were seen. */
  readonly orders: readonly HotSchedule[];
  readonly reached: readonly number[];
  readonly learned: Uint8Array;
  readonly keys: Uint8Array;
  readonly paths: readonly Uint8Array[];
}

type Header = Omit<Checkpoint, 'learned' | 'keys' | 'paths'> & {
  /** Hash of all that the search depends on. */
  readonly identity: string;
  /** Bytes of the blocks that follow: knowledge (gzip), keys, then each path (gzip). */
  readonly blocks: readonly number[];
  /** Of the blocks, hex. */
  readonly sha256: string;
};

/** What must be the same for a search to go on. */
export function identityOf(options: VerifyOptions): string {
  const {
    design,
    scene,
    options: values,
    costly,
    liveness,
    reduce,
    all,
    bounds,
    bitstate,
    stepLimit,
    fuelLimit,
  } = options;
  const hash = createHash('sha256').update(options.exact.wasm);
  const rest = { design, scene, values, costly, liveness, reduce, all, bounds, bitstate, stepLimit, fuelLimit };
  return hash.update(JSON.stringify(rest)).digest('hex');
}

const json = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v));

/** @throws HeddleError HDL_IO if the file cannot be written. */
export function saveCheckpoint(file: string, options: VerifyOptions, checkpoint: Checkpoint): void {
  const { learned, keys, paths, ...rest } = checkpoint;
  const blocks = [gzipSync(learned), keys, ...paths.map((path) => gzipSync(path))];
  const sha256 = createHash('sha256');
  for (const block of blocks) sha256.update(block);
  const header: Header = {
    ...rest,
    identity: identityOf(options),
    blocks: blocks.map((block) => block.length),
    sha256: sha256.digest('hex'),
  };
  const head = Buffer.from(`${MAGIC}${json(header)}\n`);
  writeFileAtomic(file, [head, ...blocks]);
}

/** @throws HeddleError for a file that is missing, damaged, or of another search. */
export function loadCheckpoint(file: string, options: VerifyOptions): Checkpoint {
  const bytes = read(file);
  const magic = Buffer.from(MAGIC);
  if (!bytes.subarray(0, magic.length).equals(magic)) {
    throw new HeddleError('HDL_FORMAT_VERSION', `${file} is no checkpoint of this version of heddle verify`, {
      hint: 'start the search again without --resume',
    });
  }
  const end = bytes.indexOf(10, magic.length);
  const header = parseHeader(file, bytes.subarray(magic.length, Math.max(end, 0)));
  const body = bytes.subarray(end + 1);
  const { blocks, sha256, identity, ...rest } = header;
  const isWhole = body.length === blocks.reduce((sum, n) => sum + n, 0);
  if (!isWhole || createHash('sha256').update(body).digest('hex') !== sha256) throw damaged(file);
  if (identity !== identityOf(options)) {
    throw new HeddleError('HDL_SCHEDULE_MODEL', `${file} belongs to another search`, {
      hint: 'the model, design, scene, options, bounds and limits must be those of the interrupted search; or start again without --resume',
    });
  }
  let at = 0;
  const parts = blocks.map((n) => {
    at += n;
    return body.subarray(at - n, at);
  });
  const [learned, keys, ...paths] = parts;
  if (!learned || !keys) throw damaged(file);
  return {
    ...rest,
    learned: gunzipSync(learned),
    keys: new Uint8Array(keys),
    paths: paths.map((path) => gunzipSync(path)),
  };
}

export function removeCheckpoint(file: string): void {
  if (existsSync(file)) rmSync(file);
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new HeddleError('HDL_USAGE', `cannot read the checkpoint ${file}: ${(cause as Error).message}`, {
      hint: 'an interrupted search leaves one; --out names its folder',
      cause,
    });
  }
}

function parseHeader(file: string, bytes: Buffer): Header {
  try {
    return JSON.parse(bytes.toString('utf8')) as Header;
  } catch {
    throw damaged(file);
  }
}

const damaged = (file: string): HeddleError =>
  new HeddleError('HDL_USAGE', `the checkpoint ${file} is damaged`, {
    hint: 'start the search again without --resume',
  });
