/** fast-check's scheduler on programs of SCTBench: async tasks, an await before each access to what they share. */
import fc from 'fast-check';

/** What the tasks of a program share: each operation is a step of the scheduler's. */
class Shared {
  #holders = new Set();
  #waiting = [];

  constructor(scheduler) {
    this.step = () => scheduler.schedule(Promise.resolve());
    this.memory = {};
    this.failed = false;
  }
  async read(at) {
    await this.step();
    return this.memory[at] ?? 0;
  }
  async write(at, value) {
    await this.step();
    this.memory[at] = value;
  }
  async add(at, n) {
    await this.write(at, (await this.read(at)) + n);
  }
  async locked(at, body) {
    await this.step();
    while (this.#holders.has(at)) {
      await new Promise((resolve) => this.#waiting.push(resolve));
      await this.step();
    }
    this.#holders.add(at);
    const result = await body();
    await this.step();
    this.#holders.delete(at);
    for (const wake of this.#waiting.splice(0)) wake();
    return result;
  }
}

const reorder = (setters) => [
  ...Array.from({ length: setters }, () => async (s) => {
    await s.write('a', 1);
    await s.write('b', -1);
  }),
  async (s) => {
    if ((await s.read('a')) === 0 && (await s.read('b')) === 0) return;
    if (!((await s.read('a')) === 1 && (await s.read('b')) === -1)) s.failed = true;
  },
];

const decrement = async (s) => {
  const left = await s.locked('g', async () => {
    await s.add('pending', -1);
    return s.read('pending');
  });
  if (left === -1) await s.write('event', 1); // it begins at 0 here
};

const PROGRAMS = {
  reorder_3: reorder(2),
  reorder_5: reorder(4),
  twostage: [
    async (s) => {
      await s.locked('1', () => s.write('d1', 1));
      await s.locked('2', async () => s.write('d2', (await s.read('d1')) + 1));
    },
    async (s) => {
      const first = await s.locked('1', async () => ((await s.read('d1')) === 0 ? 0 : s.read('d1')));
      if (first === 0) return;
      const second = await s.locked('2', () => s.read('d2'));
      if (second !== first + 1) s.failed = true;
    },
  ],
  lazy01: [
    (s) =>
      s.locked('m', async () => {
        if ((await s.read('data')) >= 3) s.failed = true;
      }),
    (s) => s.locked('m', () => s.add('data', 2)),
    (s) => s.locked('m', () => s.add('data', 1)),
  ],
  bluetooth_driver: [
    async (s) => {
      await s.write('flag', 1);
      await decrement(s);
      if ((await s.read('event')) === 1) await s.write('stopped', 1);
    },
    async (s) => {
      if ((await s.read('flag')) === 1) return;
      await s.locked('g', () => s.add('pending', 1));
      if ((await s.read('stopped')) === 1) s.failed = true;
      else await decrement(s);
    },
  ],
};

async function execute(program, scheduler) {
  const shared = new Shared(scheduler);
  await scheduler.waitFor(Promise.all(PROGRAMS[program].map((task) => task(shared))));
  return !shared.failed;
}

/** Executions and milliseconds to the first failure; null if there is none in so many. */
async function hunt(program, seed, executions) {
  const begin = performance.now();
  let count = 0;
  const property = fc.asyncProperty(fc.scheduler(), (scheduler) => {
    count += 1;
    return execute(program, scheduler);
  });
  const { failed } = await fc.check(property, { numRuns: executions, seed, endOnFailure: true });
  return failed ? { executions: count, ms: performance.now() - begin } : null;
}

async function rate(program, ms) {
  const begin = performance.now();
  let done = 0;
  const ignore = async (scheduler) => {
    await execute(program, scheduler);
  };
  while (performance.now() - begin < ms) {
    await fc.assert(fc.asyncProperty(fc.scheduler(), ignore), { numRuns: 200, seed: done, verbose: 0 });
    done += 200;
  }
  return Math.round((done * 1000) / (performance.now() - begin));
}

/** As runRust of rust.mjs. */
export async function runFastCheck(trials, executions, rateMs) {
  const out = [];
  for (const program of Object.keys(PROGRAMS)) {
    const results = [];
    for (let trial = 1; trial <= trials; trial++) results.push(await hunt(program, trial, executions));
    out.push({ tool: 'fast-check', program, results, execsPerSecond: await rate(program, rateMs) });
  }
  return out;
}
