// Builds the models that it is sent, each in the flavours that are named, into the cache of models that tests and command line share, and
// answers when one is done. Most of a build of a small model is the compiler, which runs once for both flavours.
import { buildModel } from '../../dist/build/index.js';

process.on('message', async ({ path, flavours }) => {
  for (const flavour of flavours) {
    try {
      await buildModel(path, { flavour });
    } catch {
      // The test that wants it says why.
    }
  }
  process.send('done');
});
