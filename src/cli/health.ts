/** What `heddle doctor` looks at: the installation, and each setting with its origin. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Colors } from 'picocolors/types.js';
import { defaultCacheDir } from '../build/cache.js';
import { HeddleError } from '../errors.js';
import { packageFile, readPackage } from './about.js';
import { CONFIG_NAME, type Config, readConfig } from './config.js';
import { knownVariables, SETTINGS, type Setting, unknownVariables } from './settings.js';

export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'error';
  readonly text: string;
  readonly hint?: string;
}

export interface SettingValue {
  readonly key: string;
  readonly value: string;
  readonly origin: string;
}

export interface Health {
  readonly checks: readonly Check[];
  readonly settings: readonly SettingValue[];
}

const NODE_MINIMUM = [20, 20] as const;

export async function examine(env: NodeJS.ProcessEnv): Promise<Health> {
  const checks: Check[] = [checkNode(), checkCores(), ...checkDist(), await checkCache(), ...checkPackages()];
  const { config, problem } = configOf();
  if (problem) checks.push(problem);
  checks.push(...checkEnvironment(env));
  const settings: SettingValue[] = [];
  for (const setting of SETTINGS) {
    const { value, problem: bad } = resolveSetting(setting, env, config);
    if (bad) checks.push(bad);
    settings.push(value);
  }
  return { checks, settings };
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1]);
  return {
    name: 'node',
    status: isNew ? 'ok' : 'error',
    text: process.versions.node,
    ...(isNew ? {} : { hint: `install Node ${NODE_MINIMUM.join('.')} or newer` }),
  };
}

function checkCores(): Check {
  return { name: 'cores', status: 'ok', text: String(availableParallelism()) };
}

function checkDist(): Check[] {
  return ['dist/executor.wasm', 'dist/executor-debug.wasm', 'dist/executor-oracles.wasm', 'dist/cli/main.js'].map(
    (file) => {
      const isThere = existsSync(packageFile(file));
      return {
        name: file,
        status: isThere ? 'ok' : 'error',
        text: isThere ? 'built' : 'missing',
        ...(isThere ? {} : { hint: 'npm run build' }),
      };
    },
  );
}

async function checkCache(): Promise<Check> {
  const directory = await defaultCacheDir();
  return directory === undefined
    ? {
        name: 'cache',
        status: 'warning',
        text: 'no folder can be written',
        hint: 'every command compiles its model again',
      }
    : { name: 'cache', status: 'ok', text: directory };
}

/** Installed against wanted. */
function checkPackages(): Check[] {
  return Object.entries(readPackage().dependencies).map(([name, wanted]) => {
    const installed = installedVersion(name);
    if (installed === wanted) return { name, status: 'ok', text: installed };
    const text = installed === null ? 'not installed' : `${installed}, tested with ${wanted}`;
    return { name, status: installed === null ? 'error' : 'warning', text, hint: 'npm ci' };
  });
}

/** Read from the files, since not every package exports its package.json. */
function installedVersion(name: string): string | null {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const path of paths) {
    const file = join(path, name, 'package.json');
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  }
  return null;
}

function configOf(): { config: Config | null; problem: Check | null } {
  try {
    const config = readConfig();
    return {
      config,
      problem: config && { name: CONFIG_NAME, status: 'ok', text: dirname(join(process.cwd(), CONFIG_NAME)) },
    };
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return { config: null, problem: { name: CONFIG_NAME, status: 'error', text: error.message, ...hint } };
  }
}

/** Names that nothing reads are almost always typing errors. */
function checkEnvironment(env: NodeJS.ProcessEnv): Check[] {
  return unknownVariables(env).map((name) => ({
    name,
    status: 'warning',
    text: 'unknown variable: nothing reads it',
    hint: `known are: ${knownVariables().join(', ')}`,
  }));
}

function resolveSetting(
  setting: Setting,
  env: NodeJS.ProcessEnv,
  config: Config | null,
): { value: SettingValue; problem: Check | null } {
  const { key } = setting;
  const given = setting.env === undefined ? undefined : env[setting.env];
  if (setting.env !== undefined && given !== undefined) {
    const value = { key, value: given, origin: `environment ${setting.env}` };
    const problem = whatIsWrong(setting, given);
    return {
      value,
      problem:
        problem === null ? null : { name: setting.env, status: 'error', text: `cannot be “${given}”`, hint: problem },
    };
  }
  if (config && key in config) return { value: { key, value: shown(config[key]), origin: CONFIG_NAME }, problem: null };
  return {
    value: {
      key,
      value: setting.defaultText ?? shown(setting.default?.() ?? (key === 'option' ? 'none' : key === 'minimize')),
      origin: 'default',
    },
    problem: null,
  };
}

function whatIsWrong(setting: Setting, text: string): string | null {
  if (setting.choices && !setting.choices.includes(text)) return `choose one of: ${setting.choices.join(', ')}`;
  try {
    setting.parse?.(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function shown(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const MARKS = { ok: 'ok', warning: 'warning', error: 'error' } as const;

export function renderHealth({ checks, settings }: Health, colors: Colors): string {
  const paint = { ok: colors.green, warning: colors.yellow, error: colors.red };
  const lines = checks.flatMap(({ name, status, text, hint }) => [
    `${paint[status](MARKS[status].padEnd(8))} ${name}: ${text}`,
    ...(hint && status !== 'ok' ? [`         ${colors.cyan('hint:')} ${hint}`] : []),
  ]);
  const width = Math.max(...settings.map((s) => s.key.length));
  lines.push('', 'settings (a flag overrides each):');
  for (const s of settings) lines.push(`  ${s.key.padEnd(width)}  ${s.value}  ${colors.dim(`(${s.origin})`)}`);
  return lines.join('\n');
}
