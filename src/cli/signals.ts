/** Ctrl-C and SIGTERM: the first asks to stop, the second ends the process at once. */
import { EXIT } from '../errors.js';

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/** Runs `work` with a signal that the first interrupt aborts. `onFirst` may say so. */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  onFirst: () => void = () => {},
): Promise<T> {
  const controller = new AbortController();
  const handle = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(CODES[name as keyof typeof CODES]);
    controller.abort();
    onFirst();
  };
  for (const name of Object.keys(CODES)) process.on(name, handle);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of Object.keys(CODES)) process.off(name, handle);
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
