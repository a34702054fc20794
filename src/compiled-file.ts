/** What runs in threads, and WebAssembly, exists as files in dist/ only: this file runs from dist/ and, under the test runner, from src/. */
import { fileURLToPath } from 'node:url';

/** The path of a file of dist/, `worker/entry.js`. */
export const compiledFile = (name: string): string => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));
