/** Ends of time that hold whatever the garbage collector does. */

/** Longer times than a timer can wait are waited for in parts. */
const TIMER_MAX_MS = 2 ** 31 - 1;

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
  let timer: NodeJS.Timeout | undefined;
  const wait = (left: number): void => {
    const next = Math.min(left, TIMER_MAX_MS);
    timer = setTimeout(() => (left > next ? wait(left - next) : end()), next);
  };
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  if (ms !== null) wait(ms);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
