/** Ends of time that hold whatever the garbage collector does. */

/** Longer times than a timer can wait are waited for in parts. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Calls `end` after so many milliseconds, however many; what is answered takes that back. */
export function callAfter(ms: number, end: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (left: number): void => {
    const next = Math.min(left, TIMER_MAX_MS);
    timer = setTimeout(() => (left > next ? wait(left - next) : end()), next);
  };
  wait(ms);
  return () => clearTimeout(timer);
}

/**
 * Runs `work` with a signal that is given with `signal`, or after so many milliseconds (null: never). Not `AbortSignal.any` of both: Node 20 may
 * collect a timeout that nothing else refers to, which then never comes (nodejs/node issue 57736).
 */
export async function within<T>(
  ms: number | null,
  signal: AbortSignal,
  work: (ends: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  const forget = ms === null ? null : callAfter(ms, end);
  try {
    return await work(controller.signal);
  } finally {
    forget?.();
    signal.removeEventListener('abort', end);
  }
}
