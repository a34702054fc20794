/** `heddle.config.json` in the working directory: the settings' third source. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import * as v from 'valibot';
import { HeddleError } from '../errors.js';
import { isSettingOption, SETTINGS, type Setting } from './settings.js';

export const CONFIG_NAME = 'heddle.config.json';

export type Config = Readonly<Record<string, unknown>>;

/** The values by setting, as the flags' parsers give them; null if there is no file. */
export function readConfig(directory = process.cwd()): Config | null {
  const path = join(directory, CONFIG_NAME);
  if (!existsSync(path)) return null;
  const shown = relative(process.cwd(), path) || path;
  const raw = parseJson(readFileSync(path, 'utf8'), shown);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new HeddleError('HDL_CONFIG', `${shown}: must be an object`, { hint: '{ "jobs": 2, "maxTime": "10m" }' });
  }
  const config: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    if (key === '$schema') continue;
    const setting = SETTINGS.find((s) => s.key === key);
    if (!setting) {
      throw new HeddleError('HDL_CONFIG', `${shown}: unknown key "${key}"`, {
        hint: `keys are: ${SETTINGS.map((s) => s.key).join(', ')}`,
      });
    }
    config[key] = convert(setting, value, shown);
  }
  return config;
}

function parseJson(text: string, shown: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HeddleError('HDL_CONFIG', `${shown}: not JSON: ${(cause as Error).message}`, { cause });
  }
}

function convert(setting: Setting, value: unknown, shown: string): unknown {
  const result = v.safeParse(setting.schema, value);
  if (!result.success) {
    const [issue] = result.issues;
    const path = [setting.key, ...(issue.path ?? []).map((p) => String(p.key))].join('.');
    throw new HeddleError('HDL_CONFIG', `${shown}: "${path}" cannot be ${JSON.stringify(value)}`, {
      hint: issue.message,
    });
  }
  if (!setting.parse || typeof value === 'object') return value;
  try {
    return setting.parse(String(value));
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new HeddleError('HDL_CONFIG', `${shown}: "${setting.key}" cannot be ${JSON.stringify(value)}`, {
      hint: error.message,
    });
  }
}

/** Fills in what neither flag nor environment set. Options of the model are merged name by name. */
export function applyConfig(command: Command, config: Config): void {
  for (const option of command.options) {
    const key = option.attributeName();
    if (!(key in config) || !isSettingOption(option)) continue;
    const source = command.getOptionValueSource(key);
    if (key === 'option' && source !== undefined) {
      const merged = { ...(config[key] as object), ...(command.getOptionValue(key) as object) };
      command.setOptionValueWithSource(key, merged, source);
    } else if (source === undefined || source === 'default') {
      command.setOptionValueWithSource(key, config[key], 'config');
    }
  }
}
