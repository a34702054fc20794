/** Work in a thread of its own and of lower priority, so that who waits for it can do something else meanwhile. */
import { setPriority } from 'node:os';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { compiledFile } from '../compiled-file.js';

/** Enough to give way to the workers of a campaign, not so much that a busy machine never comes to it. */
const NICENESS = 3;

/**
 * What the code in `file` of dist/, which calls `answer`, makes of `work`.
 * @throws Error with the message of what went wrong there, or if `signal` aborts.
 */
export function inThread<Result>(file: string, work: unknown, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(compiledFile(file), { workerData: work });
    const stop = (): void => void worker.terminate();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => {
      signal.removeEventListener('abort', stop);
      reject(new Error('the build was given up'));
    });
  });
}

/** The other side: does the work that the thread was given. */
export async function answer<Work, Result>(work: (given: Work) => Result | Promise<Result>): Promise<void> {
  // On Linux a thread has a priority of its own; elsewhere this would slow down the whole process.
  if (process.platform === 'linux') setPriority(NICENESS);
  parentPort?.postMessage(await work(workerData as Work));
}
