/** What Heddle knows about its own package. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

interface PackageJson {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** This file runs from dist/cli/ and, under the test runner, from src/cli/. */
const ROOT = new URL('../../', import.meta.url);

export function readPackage(): PackageJson {
  return JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as PackageJson;
}

export const packageVersion = (): string => readPackage().version;

/** A file of the package, for example `dist/executor.wasm`. */
export const packageFile = (path: string): URL => new URL(path, ROOT);

/** How the user can call Heddle again: what commands to paste begin with. */
export function invocation(env: NodeJS.ProcessEnv = process.env, script = process.argv[1] ?? ''): string {
  const isInstalled = basename(script) === 'heddle' && env.npm_command !== 'exec';
  return isInstalled ? 'heddle' : 'npx heddle';
}
