/** Ctrl-C and SIGTERM: the first asks to stop, the second ends the process at once. */
import { EXIT } from '../errors.js';
import { outlivesOutput, readerGone } from './output.js';

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/** Runs `work` with a signal that the first interrupt aborts, or that nobody reads stdout any more. `onFirst` may say so. */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  onFirst: () => void = () => {},
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) return;
    controller.abort();
    onFirst();
  };
  const handle = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(CODES[name as keyof typeof CODES]);
    stop();
  };
  for (const name of Object.keys(CODES)) process.on(name, handle);
  outlivesOutput();
  readerGone.addEventListener('abort', stop);
  if (readerGone.aborted) stop();
  try {
    return await work(controller.signal);
  } finally {
    for (const name of Object.keys(CODES)) process.off(name, handle);
    readerGone.removeEventListener('abort', stop);
  }
}

/** Waits for the first interrupt. */
export function untilInterrupted(): Promise<void> {
  return interruptible(
    (signal) =>
      new Promise((done) => {
        signal.addEventListener('abort', () => done());
      }),
  );
}

/** Waits so long; answers false, at once, if an interrupt comes first. */
export function untilNext(ms: number): Promise<boolean> {
  return interruptible(
    (signal) =>
      new Promise((done) => {
        const timer = setTimeout(() => done(true), ms);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          done(false);
        });
      }),
  );
}
