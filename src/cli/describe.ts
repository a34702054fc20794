/** What models declare, for `heddle models`. */
import type { Colors } from 'picocolors/types.js';
import { buildModel, listModels, type ModelEntry } from '../build/index.js';
import { findModel } from './model-path.js';
import { HeddleError } from '../errors.js';
import type { Declarations } from '../executor/declarations.js';
import { Executor } from '../executor/executor.js';

export interface ModelDescription {
  readonly name: string;
  readonly origin: ModelEntry['origin'];
  readonly path: string;
  /** null: it does not build, see `error`. */
  readonly declares:
    | (Pick<Declarations, 'designs' | 'options'> & {
        readonly scenes: readonly { readonly name: string; readonly events: readonly string[] }[];
        readonly events: readonly {
          readonly name: string;
          readonly args: readonly string[];
          readonly context: string;
        }[];
        readonly invariants: readonly string[];
        readonly symptoms: readonly { readonly name: string; readonly title: string }[];
      })
    | null;
  readonly error?: string;
}

/** A model that comes with the package and does not build is listed with its error; one that was named throws it. */
export async function describeModels(names: readonly string[]): Promise<ModelDescription[]> {
  const entries = names.length ? await Promise.all(names.map(findModel)) : await listModels();
  const models: ModelDescription[] = [];
  for (const entry of entries) {
    try {
      models.push(await describe(entry));
    } catch (error) {
      if (names.length || !(error instanceof HeddleError)) throw error;
      models.push({ ...entry, declares: null, error: error.message });
    }
  }
  return models;
}

async function describe(entry: ModelEntry): Promise<ModelDescription> {
  const { wasm, manifest } = await buildModel(entry.path);
  const d = Executor.describe({ wasm, manifest });
  const call = (event: string, args: readonly number[]): string => {
    const arity = d.events.find((e) => e.name === event)?.arity ?? 0;
    return arity ? `${event}(${args.slice(0, arity).join(', ')})` : event;
  };
  return {
    ...entry,
    declares: {
      designs: d.designs,
      scenes: d.scenes.map((s) => ({ name: s.name, events: s.events.map((e) => call(e.event, e.args)) })),
      events: d.events.map((e) => ({
        name: e.name,
        args: e.args.map((a) => `${a.name} ${a.min}…${a.max}`),
        context: e.context,
      })),
      options: d.options,
      invariants: d.invariants.map((i) => i.name),
      symptoms: d.symptoms.map(({ name, title }) => ({ name, title })),
    },
  };
}

export function renderModels(models: readonly ModelDescription[], colors: Colors): string {
  return models.map((model) => renderModel(model, colors)).join('\n\n');
}

function renderModel({ name, origin, declares, error }: ModelDescription, colors: Colors): string {
  const lines = [`${colors.bold(name)} ${colors.dim(`(${origin})`)}`];
  if (!declares) return [...lines, `  ${colors.red('error:')} ${error}`].join('\n');
  const section = (title: string, rows: readonly string[]): void => {
    for (const [i, row] of rows.entries()) lines.push(`  ${(i === 0 ? title : '').padEnd(12)}${row}`);
  };
  const described = (n: string, text: string): string => (text ? `${n}  ${colors.dim(text)}` : n);
  section(
    'designs',
    declares.designs.map((d) => described(d.name, d.description)),
  );
  section(
    'scenes',
    declares.scenes.map((s) => described(s.name, s.events.join(' ‖ '))),
  );
  section(
    'events',
    declares.events.map((e) => described(`${e.name}${e.args.length ? `(${e.args.join(', ')})` : ''}`, e.context)),
  );
  section(
    'options',
    declares.options.map((o) => described(`${o.name}=${o.default}`, `${o.min}…${o.max}`)),
  );
  section('invariants', declares.invariants);
  section(
    'symptoms',
    declares.symptoms.map((s) => described(s.name, s.title)),
  );
  return lines.join('\n');
}
