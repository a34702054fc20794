/** fast-check's scheduler on the toy program: three tasks, four increments each, an await before each load and each store. */
import fc from 'fast-check';

const TASKS = 3;
const INCREMENTS = 4;
const RUNS = 200;

async function bump(scheduler, counter) {
  for (let i = 0; i < INCREMENTS; i++) {
    await scheduler.schedule(Promise.resolve());
    const value = counter.value;
    await scheduler.schedule(Promise.resolve());
    counter.value = value + 1;
  }
}

async function execute(scheduler) {
  const counter = { value: 0 };
  const tasks = Promise.all(Array.from({ length: TASKS }, () => bump(scheduler, counter)));
  await scheduler.waitFor(tasks);
  return counter.value >= 2 && counter.value <= TASKS * INCREMENTS;
}

/** Executions a second over about `ms` milliseconds, after a warm-up of a quarter of that. */
export async function measureFastCheck(ms) {
  const runFor = async (duration) => {
    const begin = performance.now();
    let done = 0;
    while (performance.now() - begin < duration) {
      await fc.assert(fc.asyncProperty(fc.scheduler(), execute), { numRuns: RUNS, seed: 42 + done, verbose: 0 });
      done += RUNS;
    }
    return (done * 1000) / (performance.now() - begin);
  };
  await runFor(ms / 4);
  return Math.round(await runFor(ms));
}
