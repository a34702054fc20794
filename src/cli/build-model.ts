/** What `heddle build` says and writes. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type BuiltModel, buildModel, watchModel } from '../build/index.js';
import { findModel } from './model-path.js';
import { HeddleError } from '../errors.js';
import { Executor } from '../executor/executor.js';
import { formatDuration, plural } from '../ui/format.js';
import { renderError } from './errors.js';
import { untilInterrupted } from './signals.js';
import type { Terminal } from './terminal.js';

export interface BuildFlags {
  readonly exact?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

export async function buildOnce(model: string, flags: BuildFlags, terminal: Terminal): Promise<void> {
  const entry = await findModel(model);
  const built = await buildModel(entry.path, { flavour: flags.exact ? 'exact' : 'fast' });
  await show(built, flags, terminal);
}

/** Until Ctrl-C. An error is shown, and the next change awaited. */
export async function watch(model: string, flags: BuildFlags, terminal: Terminal): Promise<void> {
  const entry = await findModel(model);
  let shown: Promise<void> = Promise.resolve();
  const stop = watchModel(entry.path, { flavour: flags.exact ? 'exact' : 'fast' }, (result) => {
    shown = shown
      .then(async () => {
        if (!result.ok) throw result.error;
        await show(result.model, flags, terminal);
      })
      .catch((error) => {
        if (!(error instanceof HeddleError)) throw error;
        terminal.log(renderError(error, terminal));
      });
  });
  terminal.log(`watching ${relative(process.cwd(), entry.path)}; Ctrl-C ends it`);
  await untilInterrupted();
  stop();
  await shown;
}

async function show(built: BuiltModel, flags: BuildFlags, terminal: Terminal): Promise<void> {
  const { manifest, wasm, cached, times } = built;
  // Also checks the declarations, which only a run of register() can.
  const declares = Executor.describe({ wasm, manifest });
  const files = flags.out === undefined ? [] : await write(built, flags.out);
  const model = manifest.sites.filter((site) => site !== null && !site.file.startsWith('~lib/'));
  const facts = {
    sites: model.length,
    functions: new Set(model.map((site) => site?.function)).size,
    bytes: wasm.length,
  };
  if (flags.json) {
    const { name, hash, flavour } = manifest;
    terminal.printJson({ schema: 'heddle.build/1', name, hash, flavour, ...facts, cached, ms: times, files });
    return;
  }
  const how = cached ? 'from the cache' : `in ${formatDuration(times.total ?? 0)}`;
  terminal.print(
    `${terminal.out.bold(manifest.name)} ${manifest.hash.slice(0, 16)} (${manifest.flavour}), built ${how}`,
  );
  terminal.print(
    `  ${plural(facts.sites, 'site')} in ${plural(facts.functions, 'function')}, ${plural(facts.bytes, 'byte')} of Wasm`,
  );
  terminal.print(
    `  ${plural(declares.events.length, 'event')}, ${plural(declares.designs.length, 'design')}, ${plural(declares.scenes.length, 'scene')}, ` +
      `${plural(declares.invariants.length, 'invariant')}, ${plural(declares.options.length, 'option')}`,
  );
  for (const file of files) terminal.print(`  ${file}`);
}

async function write({ wasm, manifest }: BuiltModel, directory: string): Promise<string[]> {
  try {
    await mkdir(directory, { recursive: true });
    const files = [join(directory, 'model.wasm'), join(directory, 'model.json')];
    await writeFile(files[0] ?? '', wasm);
    await writeFile(files[1] ?? '', `${JSON.stringify(manifest, null, 2)}\n`);
    return files;
  } catch (cause) {
    throw new HeddleError('HDL_IO', `cannot write to ${directory}: ${(cause as Error).message}`, { cause });
  }
}
