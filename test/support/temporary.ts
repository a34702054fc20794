/** Folders of code that several test files share: a worker loads such code once for all of its files, so no file can clear up after it. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Made before the tests and removed after them (`test/global-setup.ts`). */
    temporary: string;
  }
}

/** A new folder, which is removed when all tests have run. */
export function temporaryFolder(name: string): string {
  return mkdtempSync(join(inject('temporary'), `${name}-`));
}
