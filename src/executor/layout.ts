/**
 * The executor's memory as the host sees it: a copy of `assembly/executor/layout.ts` and of the word lists of `state.ts`. A test compares
 * both sides.
 */

export const PAGES = 256;
/** Beyond them, what strategies remember; the search builds have other things there. */
export const STRATEGY_PAGES = 64;
/**
 * The part of it that is about one list of events: all but the final states (assembly/strategies/layout.ts). `LEFT_OUT` within it, 1: an
 * enumeration has left schedules out (assembly/strategies/waiting-nodes.ts).
 */
export const LEARNT = { BEGIN: 0x1000000, END: 0x1200000, LEFT_OUT: 0x11a0800 } as const;
export const MEMORY = {
  CONTROL: 0x8000,
  COVERAGE: 0x10000,
  COVERAGE_SIZE: 0x10000,
  STATE_SET: 0x20000,
  STATE_SET_SIZE: 0x100000,
  INPUT: 0x120000,
  BASE: 0x140000,
  EVENTS: 0,
  DEVIATIONS: 0x1000,
  CHOICES: 0x9000,
  PATH: 0x12000,
  BASE_STEPS: 0x12000,
  RECORD_DEVIATIONS: 0x160000,
  RECORD_CHOICES: 0x170000,
  REGISTRY: 0x180000,
  FINDINGS: 0x190000,
  COUNTERS: 0x191000,
  LOG: 0x192000,
  KNOWN: 0x1b0000,
  TRACE: 0x1c0000,
  SHADOW: 0x280000,
  EVENTS_SEEN: 0x319000,
  EVENTS_SEEN_SIZE: 0x1000,
  LOCK_PAIRS: 0x31a000,
  LOCK_PAIRS_SIZE: 2048,
  MARKS: 0x320000,
  ORACLE: 0x342000,
  ORACLE_SITES: 0x343000,
  HEAD: 0x3f0000,
  TASKS: 0x3f1000,
  TASK_SIZE: 256,
  TASKS_MAX: 128,
  HELD: 128,
  HELD_MAX: 16,
  MODEL: 0x400000,
  MODEL_SIZE: 0x40000,
  ARENAS: 0x440000,
  ARENA_SIZE: 0x4000,
  SAVE: 0xf50000,
  SAVE_SIZE: 0xb0000,
  REGION: 0x240000,
  HEADER_SIZE: 16,
  SITES_MAX: 16384,
} as const;

export const OPTIONS = MEMORY.CONTROL + 0x200;
export const END_INVARIANTS = MEMORY.CONTROL + 0x400;
export const STEP_INVARIANTS = MEMORY.CONTROL + 0x500;
/** Entries in each of the two lists of invariants. */
export const INVARIANTS_MAX = 32;

/** Strategies by number. */
export const STRATEGIES = [
  'replay',
  'random',
  'pct',
  'mutation',
  'enumeration',
  'last-first',
  'turns',
  'pos',
  'surw',
  'reads-from',
  'bounded',
  'delay',
] as const;
export type StrategyName = (typeof STRATEGIES)[number];

type WordType = 'i32' | 'u32' | 'u64' | 'usize';
type Fields = Readonly<Record<string, WordType>>;

/** Offsets of the fields of an AssemblyScript `@unmanaged` class: in order, each aligned to its size. */
function offsets<F extends Fields>(fields: F): { readonly [K in keyof F]: number } {
  const out: Record<string, number> = {};
  let at = 0;
  for (const [name, type] of Object.entries(fields)) {
    const size = type === 'u64' ? 8 : 4;
    at = Math.ceil(at / size) * size;
    out[name] = at;
    at += size;
  }
  return out as { readonly [K in keyof F]: number };
}

export const HEAD_FIELDS = {
  asyncifyState: 'i32',
  asyncifyData: 'usize',
  fuel: 'i32',
  depth: 'i32',
  callSite: 'i32',
  gap: 'i32',
  granted: 'i32',
  base: 'i32',
  nextStep: 'i32',
  inStep: 'i32',
  current: 'i32',
  target: 'i32',
  hash: 'u64',
  spinHash: 'u64',
  readyLow: 'u64',
  readyHigh: 'u64',
  existLow: 'u64',
  existHigh: 'u64',
  alive: 'i32',
  events: 'i32',
  topSlot: 'i32',
  total: 'i32',
  nested: 'i32',
  tickets: 'i32',
  lockWaiters: 'i32',
  waiters: 'i32',
  everyPoint: 'i32',
  pausing: 'i32',
  paused: 'i32',
  pendingTask: 'i32',
  pendingReason: 'i32',
  pendingStep: 'i32',
  pendingDefault: 'i32',
  pendingSite: 'i32',
  pendingAddress: 'usize',
  lastSite: 'i32',
  findings: 'i32',
  fatal: 'i32',
  recorded: 'i32',
  recordedChoices: 'i32',
  traced: 'i32',
  logged: 'i32',
  counters: 'i32',
  switches: 'i32',
  unwinds: 'i32',
  bootFreed: 'i32',
  newFeatures: 'i32',
  objectsLive: 'i32',
  timedLow: 'u64',
  timedHigh: 'u64',
  preemptions: 'i32',
  fair: 'i32',
  slow: 'i32',
} as const satisfies Fields;
export const HEAD = offsets(HEAD_FIELDS);

export const CONTROL_FIELDS = {
  design: 'i32',
  scene: 'i32',
  strategy: 'i32',
  stepLimit: 'i32',
  fuelLimit: 'i32',
  tracing: 'i32',
  eager: 'i32',
  events: 'i32',
  deviations: 'i32',
  choices: 'i32',
  path: 'i32',
  baseDeviations: 'i32',
  baseChoices: 'i32',
  registered: 'i32',
  lengthEstimate: 'i32',
  parameter: 'i32',
  stepInvariants: 'i32',
  booting: 'i32',
  random: 'u64',
  executions: 'u64',
  points: 'u64',
  switches: 'u64',
  unwinds: 'u64',
  knownFindings: 'u64',
  features: 'i32',
  states: 'i32',
  epoch: 'i32',
  bootBreak: 'usize',
  restoreFrom: 'usize',
  bootHash: 'u64',
  interest: 'i32',
  bootObjects: 'i32',
  endInvariants: 'i32',
  single: 'i32',
  baseTotal: 'i32',
  baseChoiceCount: 'i32',
  lockPairs: 'i32',
  passedOver: 'u32',
  repeated: 'i32',
  share: 'i32',
  shares: 'i32',
  visibleOnly: 'i32',
  noting: 'i32',
  designs: 'i32',
  options: 'i32',
} as const satisfies Fields;
export const CONTROL = offsets(CONTROL_FIELDS);

export const TASK_FIELDS = {
  entry: 'i32',
  arity: 'i32',
  arg0: 'i32',
  arg1: 'i32',
  arg2: 'i32',
  brk: 'usize',
  steps: 'i32',
  site: 'i32',
  flags: 'i32',
  waitsOn: 'usize',
  waitSite: 'i32',
  ticket: 'i32',
  savedArguments: 'i32',
  savedStackPointer: 'i32',
  savedDepth: 'i32',
  savedCallSite: 'i32',
  parent: 'i32',
  nth: 'i32',
  spawned: 'i32',
  choices: 'i32',
  atomic: 'i32',
  held: 'i32',
  origin: 'i32',
  location: 'i32',
  pending: 'i32',
  pendingAddress: 'usize',
  lockset: 'i32',
  pendingBytes: 'usize',
  ownKey: 'u64',
  pendingFrom: 'usize',
  brkBefore: 'usize',
} as const satisfies Fields;
export const TASK = offsets(TASK_FIELDS);

export const ORACLE_FIELDS = {
  epoch: 'i32',
  time: 'i32',
  vectors: 'i32',
  cells: 'i32',
  full: 'i32',
  edgesKept: 'i32',
  edges: 'i32',
  classesBoot: 'i32',
  classes: 'i32',
  guardsBoot: 'i32',
  guards: 'i32',
  wakes: 'i32',
  watching: 'i32',
  ranLow: 'u64',
  ranHigh: 'u64',
  fresh: 'i32',
  place: 'i32',
  fullBoot: 'i32',
} as const satisfies Fields;
/** Words of the costly oracles. */
export const ORACLE = offsets(ORACLE_FIELDS);

export const FINDING_FIELDS = {
  kind: 'i32',
  site: 'i32',
  task: 'i32',
  address: 'usize',
  object: 'usize',
  classId: 'u32',
  size: 'u32',
  offset: 'i32',
  allocSite: 'i32',
  allocTask: 'i32',
  freeSite: 'i32',
  freeTask: 'i32',
  message: 'usize',
  fatal: 'i32',
  otherSite: 'i32',
  otherTask: 'i32',
} as const satisfies Fields;
export const FINDING = offsets(FINDING_FIELDS);

export const TRACE_FIELDS = {
  kind: 'i32',
  task: 'i32',
  step: 'i32',
  site: 'i32',
  address: 'usize',
  value: 'u32',
  hash: 'u64',
} as const satisfies Fields;
export const TRACE_ENTRY = offsets(TRACE_FIELDS);
