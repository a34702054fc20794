/**
 * The header of a campaign's folder, `campaign.json`: of which build of which model it is, and how it was run. One reader for all commands, so that
 * a folder of a newer Heddle, or one whose header is damaged, is told alike by each and overwritten by none.
 */
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import * as v from 'valibot';
import { IS_PATH } from '../build/resolve.js';
import { HeddleError } from '../errors.js';
import { readRegular } from '../regular-file.js';
import { readJournal } from './journal.js';
import type { CampaignOptions } from './types.js';

export const CAMPAIGN_SCHEMA = 'heddle.campaign/1';

/** What `campaign.json` says besides its schema. */
export interface CampaignHeader {
  readonly model: string;
  readonly modelArgument: string;
  /** Where the model's file is from the folder, if the argument is a path: that one leads there only where the campaign was started. */
  readonly modelPath?: string;
  readonly modelHash: string;
  readonly design: string;
  readonly scene: string | null;
  readonly options: Readonly<Record<string, number>>;
  /** Steps after which an execution is ended. Headers of earlier versions do not say it. */
  readonly maxSteps?: number;
  readonly seed: string;
  readonly strategy: string;
  readonly deterministic: boolean;
}

const Header = v.object({
  schema: v.literal(CAMPAIGN_SCHEMA),
  model: v.string(),
  modelArgument: v.string(),
  modelPath: v.optional(v.string()),
  modelHash: v.string(),
  design: v.string(),
  scene: v.nullable(v.string()),
  options: v.record(v.string(), v.number()),
  maxSteps: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  seed: v.string(),
});
/** What every campaign has said since the first version. */
export type StoredHeader = Omit<v.InferOutput<typeof Header>, 'schema'>;

export function headerFile(dir: string): string {
  return join(dir, 'campaign.json');
}

/**
 * null: the folder has none.
 *
 * @throws HeddleError HDL_FORMAT_VERSION if a newer Heddle wrote it or it is damaged, HDL_IO if it is no file or cannot be read.
 */
export function readHeader(dir: string): StoredHeader | null {
  const file = headerFile(dir);
  const json = headerJson(dir);
  if (json === null) return null;
  const format = v.safeParse(v.object({ schema: v.string() }), json);
  if (format.success && format.output.schema !== CAMPAIGN_SCHEMA) {
    throw unreadable(file, `it has the format ${format.output.schema}, not ${CAMPAIGN_SCHEMA}`, {
      hint: 'Use the Heddle that wrote it, or a newer one; or name another folder.',
    });
  }
  const header = v.safeParse(Header, json);
  if (!header.success)
    throw damaged(file, `${v.getDotPath(header.issues[0]) ?? ''} ${header.issues[0].message}`.trim());
  const { schema: _, ...rest } = header.output;
  return rest;
}

/** What the header holds, of whatever format; null: the folder has none. @throws as `readHeader`, if it is no JSON object. */
export function headerJson(dir: string): object | null {
  const file = headerFile(dir);
  const text = readRegular(file);
  if (text === null) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw damaged(file, text.trim() === '' ? 'it is empty' : `it is not JSON: ${(cause as Error).message}`);
  }
  if (typeof json !== 'object' || json === null) throw damaged(file, 'it is no JSON object');
  return json;
}

function damaged(file: string, why: string): HeddleError {
  return unreadable(file, why, {
    hint: `name another folder; or remove ${file}: the next heddle fuzz of the same model writes it anew, and keeps corpus and findings`,
  });
}

function unreadable(file: string, why: string, more: { readonly hint: string }): HeddleError {
  return new HeddleError(
    'HDL_FORMAT_VERSION',
    `${file} is no header of a campaign that this Heddle can read: ${why}`,
    more,
  );
}

/** The model of a campaign in `dir`, as a command can name it that is run here: as it was given, if that leads there. */
export function modelFrom(
  dir: string,
  { modelArgument, modelPath }: Pick<StoredHeader, 'modelArgument' | 'modelPath'>,
): string {
  if (modelPath === undefined) return modelArgument;
  const path = resolve(dir, modelPath);
  if (path === resolve(modelArgument) || !existsSync(path)) return modelArgument;
  const here = relative('', path);
  return here.startsWith('.') ? here : `./${here}`;
}

/**
 * A folder's corpus means something to one build of a model only. Without a header the journal tells of which.
 *
 * @throws HeddleError HDL_CAMPAIGN_MODEL, and what `readHeader` throws.
 */
export function checkModel(dir: string, { model, modelHash }: CampaignHeader): void {
  const there = readHeader(dir) ?? journalled(dir);
  if (!there || there.modelHash === modelHash) return;
  const same = there.model === model;
  const other =
    there.model === null
      ? `another model than ${model}, or of another version`
      : `the model ${there.model}, not of ${model}`;
  throw new HeddleError(
    'HDL_CAMPAIGN_MODEL',
    same
      ? `${dir} was made by another version of ${model} (${there.modelHash.slice(0, 8)}, now ${modelHash.slice(0, 8)})`
      : `${dir} is a campaign of ${other}`,
    {
      hint: same
        ? `heddle corpus migrate ${dir} takes over what still adds features; or name another folder with -o.`
        : 'Name another folder with -o.',
    },
  );
}

/** The journal names the build and not the model. */
function journalled(dir: string): { readonly model: null; readonly modelHash: string } | null {
  const begins = readJournal(join(dir, 'journal.ndjson')).lines.flatMap((line) =>
    line.type === 'begin' ? [line.model] : [],
  );
  const modelHash = begins.at(-1);
  return modelHash === undefined ? null : { model: null, modelHash };
}

/** What stays the same in the folder's header while the campaign runs. */
export function headerOf(options: CampaignOptions): CampaignHeader {
  const { manifest } = options.artefact;
  const { modelArgument, design, scene, strategy, deterministic } = options;
  return {
    model: manifest.name,
    modelArgument,
    ...(IS_PATH.test(modelArgument) ? { modelPath: relative(options.outDir, modelArgument) } : {}),
    modelHash: manifest.hash,
    design,
    scene,
    options: options.options,
    maxSteps: options.stepLimit,
    seed: options.seed.toString(),
    strategy,
    deterministic,
  };
}
