// One execution, and batches of them.
import { nextEpoch } from '../coverage/map';
import { fullHash } from '../hash/zobrist';
import { addState, wasJudged } from '../hash/state-set';
import { isKnown, reportTrap } from '../oracles/finding';
import { checkEndInvariants } from '../oracles/invariants';
import { bootedOracles, bootOracles, resetOracles } from '../oracles/hooks';
import { checkLeaks } from '../oracles/leak';
import { finish, isExhausted, onSpawn, prepare } from '../strategies/strategy';
import {
  ARENAS, ARENA_SIZE, EVENTS, FINDINGS, INPUT, LAST_WRITE, LAST_WRITE_MASK, MODEL, MODEL_SIZE, SHADOW, SHADOW_SNAPSHOT, SNAPSHOT, TASKS_MAX,
} from './layout';
import { proceedWith, runToEnd } from './scheduler';
import { control, head, isReady, NONE, task } from './state';
import { createTask } from './tasks';
import { completeTrace } from './trace';

/** Before the model's start function runs. `staticEnd`: end of its static data and cells; `dataEnd`: below it nothing is written as a rule. */
export function boot(staticEnd: usize, dataEnd: usize): void {
  memory.fill(SHADOW, 0, (MODEL_SIZE + ARENA_SIZE * <usize>TASKS_MAX) >> 3);
  memory.fill(SHADOW, 1, (staticEnd - MODEL) >> 3);
  head.current = NONE;
  head.gap = head.granted = i32.MAX_VALUE;
  head.fuel = control.fuelLimit;
  head.asyncifyState = 0;
  control.booting = 1;
  control.bootBreak = staticEnd;
  control.restoreFrom = dataEnd;
  control.registered = 0;
  control.bootObjects = 0;
  if (ORACLES) bootOracles();
}

/** After `_start`, `register` and the scene's set-up: what memory holds now is what each execution starts from. */
export function booted(): void {
  control.booting = 0;
  control.restoreFrom = min(control.restoreFrom, control.bootBreak);
  memory.copy(SNAPSHOT, MODEL, control.bootBreak - MODEL);
  memory.copy(SHADOW_SNAPSHOT, SHADOW, (control.bootBreak - MODEL) >> 3);
  head.existLow = head.existHigh = 0;
  head.hash = 0;
  head.fatal = head.findings = 0;
  control.bootHash = fullHash();
  memory.fill(LAST_WRITE, 0, (LAST_WRITE_MASK + 1) * 4); // boot's writes are no task's
  if (ORACLES) bootedOracles();
}

/** Restores only what the last execution touched. */
function reset(): void {
  const from = control.restoreFrom;
  memory.copy(from, SNAPSHOT + (from - MODEL), control.bootBreak - from);
  if (head.bootFreed) {
    memory.copy(SHADOW, SHADOW_SNAPSHOT, (control.bootBreak - MODEL) >> 3);
    head.bootFreed = 0;
  }
  for (let low = head.existLow; low; low &= low - 1) clearArena(<i32>ctz(low));
  for (let high = head.existHigh; high; high &= high - 1) clearArena(64 + <i32>ctz(high));
  head.existLow = head.existHigh = head.readyLow = head.readyHigh = 0;
  head.hash = head.spinHash = control.bootHash;
  head.alive = head.total = head.nested = head.tickets = head.lockWaiters = head.waiters = 0;
  head.timedLow = head.timedHigh = 0;
  head.pausing = head.paused = head.fair = 0;
  if (SEARCH) head.preemptions = 0;
  head.everyPoint = control.tracing | control.stepInvariants | CHECK | SEARCH;
  head.gap = head.granted = head.base = head.nextStep = head.inStep = 0;
  head.lastSite = head.callSite = head.findings = head.fatal = 0;
  head.recorded = head.recordedChoices = head.traced = head.logged = head.counters = 0;
  head.switches = head.unwinds = head.newFeatures = head.objectsLive = 0;
  head.current = head.target = NONE;
  head.topSlot = TASKS_MAX - 1;
  head.asyncifyState = 0;
  head.fuel = control.fuelLimit;
  nextEpoch();
  if (ORACLES) resetOracles();
}

export function clearArena(t: i32): void {
  const arena = ARENAS + <usize>t * ARENA_SIZE;
  const used = task(t).brk - arena;
  if (used) memory.fill(SHADOW + ((arena - MODEL) >> 3), 0, used >> 3);
}

function createEvents(): void {
  const n = control.events;
  head.events = n;
  for (let i = 0; i < n; i++) {
    const e = INPUT + EVENTS + (<usize>i << 5);
    createTask(i, load<i32>(e), load<i32>(e + 4), load<i32>(e + 8), load<i32>(e + 12), load<i32>(e + 16), NONE, i, load<i32>(e + 20));
    onSpawn(i);
  }
}

/** One execution of the events in INPUT under the chosen strategy. Answers the number of findings. */
export function run(): i32 {
  prepareExecution();
  runToEnd();
  return finishExecution();
}
export function prepareExecution(): void {
  reset();
  prepare();
  createEvents();
}
/** Starts an execution that pauses at each decision. Only in eager mode can it be saved there. True: paused. */
export function begin(): bool {
  prepareExecution();
  head.pausing = 1;
  runToEnd();
  return head.paused != 0;
}
/** Takes the pending decision (-1: as the default scheduler would) and goes on to the next. True: paused; false: it has ended. */
export function proceed(next: i32): bool {
  return proceedWith(next >= 0 && next < TASKS_MAX && isReady(next) ? next : NONE);
}

export function finishExecution(): i32 {
  if (control.tracing) completeTrace();
  head.asyncifyState = 0;
  settle();
  finish();
  const isNew = !control.single && addState(head.hash);
  if (!head.fatal && (control.endInvariants || head.objectsLive > 0) && isToJudge(isNew)) {
    if (control.endInvariants) checkEndInvariants();
    if (head.objectsLive > 0) checkLeaks();
  }
  control.executions++;
  control.points += head.total;
  control.switches += head.switches;
  control.unwinds += head.unwinds;
  control.interest = (head.newFeatures ? 1 : 0) | (head.findings && unknownFinding() ? 4 : 0);
  return head.findings;
}

/** End invariants and leaks are functions of the final state, so once is enough. The host may know nothing of a state that it asks for again. */
function isToJudge(isNew: bool): bool {
  if (control.single) return true;
  return SEARCH ? isNew : !wasJudged(head.hash);
}

/** Counts what the last task did since its last decision, when a finding ended it in between. */
function settle(): void {
  const passed = head.granted - head.gap;
  if (passed <= 0 || head.current < 0 || head.current >= TASKS_MAX) return;
  head.total += passed;
  task(head.current).steps = head.base + passed;
  head.granted = head.gap = 0;
}

/** True if a finding is not known to the host. If all are, and one is of a kind that counts, it is a hit. */
function unknownFinding(): bool {
  let counts = false;
  for (let i = 0; i < head.findings; i++) {
    if (!isKnown(i)) return true;
    if (!((control.passedOver >> load<i32>(FINDINGS + (<usize>i << 6))) & 1)) counts = true;
  }
  if (counts) control.knownFindings++;
  return false;
}

/**
 * Runs up to n executions; stops after one that is interesting (`control.interest`), and when the strategy has run all there is. Answers
 * how many ran.
 */
export function runBatch(n: i32): i32 {
  control.interest = 0;
  for (let i = 1; i <= n; i++) {
    if (isExhausted()) return i - 1;
    run();
    if (control.interest) return i;
  }
  return n;
}

/** The host caught a trap, `number` in src/executor/traps.ts, or (1) the native stack overflowed: the task that ran is to blame. */
export function trapped(number: i32): i32 {
  head.asyncifyState = 0;
  if (head.current > 127) head.current = NONE;
  reportTrap(number);
  return finishExecution();
}

/** Recomputes the state hash from scratch. */
export function recomputeHash(): u64 {
  return fullHash();
}
