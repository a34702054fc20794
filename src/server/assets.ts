/** The page's files: a fixed list, read once. No path of a request is ever joined to a folder. */
import { readFileSync } from 'node:fs';
import { HeddleError } from '../errors.js';

export interface Asset {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** By path of the request. */
export type Assets = ReadonlyMap<string, Asset>;

const FILES = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/page.js', 'page.js', 'text/javascript; charset=utf-8'],
  ['/page.css', 'page.css', 'text/css; charset=utf-8'],
  ['/page.svg', 'page.svg', 'image/svg+xml'],
] as const;

/** This file runs from dist/server/ and, under the test runner, from src/server/. */
const FOLDER = new URL('../../dist/web/page/', import.meta.url);

/** @throws HeddleError HDL_IO if the page was not built. */
export function loadAssets(folder: URL = FOLDER): Assets {
  return new Map(
    FILES.map(([path, name, type]) => {
      try {
        return [path, { type, body: new Uint8Array(readFileSync(new URL(name, folder))) }];
      } catch (cause) {
        throw new HeddleError('HDL_IO', `the page was not built: ${(cause as Error).message}`, {
          hint: 'npm run build makes it.',
          cause,
        });
      }
    }),
  );
}
