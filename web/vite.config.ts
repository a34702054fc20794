/**
 * Builds dist/web: `--mode page` the page of `heddle serve`, `--mode viewer` the interleaving viewer as one script and one style sheet, which
 * the HTML report inlines. File names are fixed, so that the server has a list of them.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const page: UserConfig = {
  root: here('page'),
  // The server tells where it is: nothing is absolute.
  base: './',
  build: {
    outDir: here('../dist/web/page'),
    modulePreload: false,
    rolldownOptions: {
      output: { entryFileNames: 'page.js', assetFileNames: 'page[extname]', codeSplitting: false },
    },
  },
};

const viewer: UserConfig = {
  root: here('viewer'),
  build: {
    outDir: here('../dist/web'),
    lib: {
      entry: here('viewer/entry.ts'),
      formats: ['iife'],
      name: 'heddleViewer',
      fileName: () => 'viewer.js',
      cssFileName: 'viewer',
    },
  },
};

export default defineConfig(({ mode }) => {
  const { build, ...rest } = mode === 'viewer' ? viewer : page;
  return {
    ...rest,
    publicDir: false,
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      ...build,
      license: { fileName: `${mode}-licenses.md` },
      emptyOutDir: false,
      target: 'es2022',
      assetsInlineLimit: 0,
      reportCompressedSize: false,
    },
  };
});
