/** A process that is told a folder and a moment, tries to take the folder's lock then, and answers whether it has it. It never lets go. */
import { FolderLock } from '../../dist/campaign/lock.js';

process.on('message', ({ dir, at }) => {
  while (Date.now() < at);
  try {
    FolderLock.take(dir);
    process.send({ hasIt: true, message: '' });
  } catch (error) {
    process.send({ hasIt: false, message: error.message });
  }
});
process.send({ hasIt: false, message: 'ready' });
