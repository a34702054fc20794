/** Where the package's own AssemblyScript lies; the same from `src/build` and from `dist/build`. */
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export const PACKAGE_DIR = fileURLToPath(new URL('../..', import.meta.url));
export const KIT_DIR = join(PACKAGE_DIR, 'assembly', 'kit');
export const MODELS_DIR = join(PACKAGE_DIR, 'assembly', 'models');
export const EXAMPLES_DIR = join(PACKAGE_DIR, 'examples');
