// Builds the models that it is sent, each in the flavours that are named, into the cache of models that tests and command line share, and
// answers when one is done; what is wanted `everywhere` also into the cache of folders that belong to no package, where tests run the command
// line. Most of a build of a small model is the compiler, which runs once for all of them.
import { tmpdir } from 'node:os';
import { buildModel } from '../../dist/build/index.js';

const HERE = process.cwd();

process.on('message', async ({ path, flavours, everywhere }) => {
  for (const folder of everywhere ? [HERE, tmpdir()] : [HERE]) {
    process.chdir(folder);
    for (const flavour of flavours) {
      try {
        await buildModel(path, { flavour });
      } catch {
        // The test that wants it says why.
      }
    }
  }
  process.send('done');
});
