/** Every file the compiler asks for goes through here, so that the cache knows what a build depends on. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { HeddleError } from '../errors.js';
import { refuseSpecial } from '../regular-file.js';

export interface SourceFile {
  /** As the compiler asked for it: `queue.ts`, `~lib/heddle/mutex.ts`. */
  readonly name: string;
  readonly path: string;
  /** Of its bytes; empty: the compiler looked for it here and it did not exist. */
  readonly sha256: string;
}

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** The directory name under which the kit is given to the compiler, so that its real place is nowhere in the output. */
export const KIT_TOKEN = 'heddle-kit';

export class SourceFiles {
  private readonly files = new Map<string, SourceFile>();
  private readonly texts = new Map<string, string>();

  constructor(
    readonly baseDir: string,
    private readonly kitDir: string,
  ) {}

  /** For asc: the file's text, or null if it does not exist. */
  async read(name: string, directory: string): Promise<string | null> {
    // The build's flags are ours; a project's asconfig.json belongs to its own Wasm.
    if (name.endsWith('asconfig.json')) return null;
    const kit = directory === KIT_TOKEN;
    const path = resolve(kit ? this.kitDir : this.baseDir, name);
    const asked = kit ? `~lib/${name}` : name;
    const bytes = await readBytes(path);
    this.files.set(asked, { name: asked, path, sha256: bytes ? sha256(bytes) : '' });
    if (!bytes) return null;
    const text = decode(bytes, path);
    this.texts.set(asked, text);
    return text;
  }

  /** Takes over what an earlier build read. */
  adopt(files: readonly SourceFile[]): void {
    for (const file of files) this.files.set(file.name, file);
  }

  /** As if all had been read that `earlier` read; false, and nothing is taken over, if it would not be the same now. */
  async takeOver(earlier: SourceFiles): Promise<boolean> {
    if (earlier.baseDir !== this.baseDir || earlier.kitDir !== this.kitDir) return false;
    const unchanged = await Promise.all(earlier.list().map(isUnchanged));
    if (!unchanged.every(Boolean)) return false;
    this.adopt(earlier.list());
    for (const [name, text] of earlier.texts) this.texts.set(name, text);
    return true;
  }

  /** The model's own files, the kit's left out. */
  modelTexts(): [name: string, text: string][] {
    return [...this.texts].filter(([name]) => !name.startsWith('~lib/')).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  text(name: string): string | undefined {
    return this.texts.get(name);
  }

  /** All that were read or looked for, sorted by name. */
  list(): SourceFile[] {
    return [...this.files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** The file is as it was when it was read, or is still not there. */
export async function isUnchanged(file: SourceFile): Promise<boolean> {
  try {
    refuseSpecial(file.path);
    return sha256(await readFile(file.path)) === file.sha256;
  } catch (error) {
    return file.sha256 === '' && !(error instanceof HeddleError);
  }
}

async function readBytes(path: string): Promise<Uint8Array | null> {
  refuseSpecial(path);
  try {
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null;
    throw new HeddleError('HDL_IO', `cannot read ${path}: ${code ?? String(error)}`, { cause: error });
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HeddleError('HDL_MODEL_COMPILE', `${path} is not UTF-8 text`, {
      hint: 'save the file as UTF-8, or give the path of an AssemblyScript source',
    });
  }
}
