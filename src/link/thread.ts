/** The thread of `linkInBackground`. */
import { answer } from '../build/in-thread.js';
import type { LinkWork } from './background.js';
import { inlineHooks } from './link.js';
import { train } from './training.js';

await answer((work: LinkWork) =>
  work.type === 'inline' ? inlineHooks(work.merged) : train(work.linked, work.artefact, work.configurations),
);
