/** The thread of `buildInBackground`. */
import type { BuildWork } from './background.js';
import { buildModel } from './build-model.js';
import { answer } from './in-thread.js';

await answer(({ entry, options }: BuildWork) => buildModel(entry, options));
