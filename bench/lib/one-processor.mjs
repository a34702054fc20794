/** What is compared runs on one processor: on shared machines one may be half as fast as the next for a while, and ratios would tell of that. */
import { execFileSync } from 'node:child_process';

const affinity = (...args) =>
  execFileSync('taskset', ['-acp', ...args, String(process.pid)], { encoding: 'utf8', stdio: 'pipe' });

/** The processors that this process may use, as taskset writes them, or empty where there is no taskset (Linux has it). */
function allowed() {
  try {
    return affinity().match(/: ([\d,-]+)\s*$/m)?.[1] ?? '';
  } catch {
    return '';
  }
}

/** Whether `onOneProcessor` can keep its promise here. */
export const canPin = () => allowed() !== '';

/** Runs `measure` with all threads of this process, and what they start, on one of its processors; anywhere if there is no taskset. */
export async function onOneProcessor(measure) {
  const before = allowed();
  if (before === '') return measure();
  affinity(before.match(/\d+/)[0]);
  try {
    return await measure();
  } finally {
    affinity(before);
  }
}
