// Builds the models that are named as `flavour:path` one after the other, into the cache of models that tests and command line share. Most of
// a build of a small model is the compiler's start: one process that builds thirty takes no longer than five that build one each.
import { buildModel } from '../../dist/build/index.js';

for (const argument of process.argv.slice(2)) {
  const [flavour, path] = argument.split(':');
  try {
    await buildModel(path, { flavour });
  } catch {
    // The test that wants it says why.
  }
}
