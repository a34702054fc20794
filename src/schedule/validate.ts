/**
 * What every portable schedule keeps, whichever codec it goes through: the limits, the ranges of its numbers, and
 * names that both codecs give back unchanged. Whether the names exist in a model is somebody else's question.
 */
import { type ErrorCode, HeddleError } from '../errors.js';
import { LIMITS, type Schedule, type SiteRef, type TaskPath } from './schedule.js';

export const INT_MIN = -0x80000000;
export const INT_MAX = 0x7fffffff;
/** Tasks of one run, events included: the executor has as many slots. */
export const TASKS_MAX = 128;

/**
 * The first thing that is wrong with a schedule, and in which entry of which list, so that a parser can name the line.
 */
export interface Problem {
  readonly list: 'model' | 'design' | 'scene' | 'options' | 'events' | 'deviations' | 'choices';
  readonly index: number;
  readonly message: string;
}

const PATH = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2}))*$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** `null` if the schedule keeps all rules. */
export function findProblem(schedule: Schedule): Problem | null {
  return problemOfHead(schedule) ?? problemOfEvents(schedule) ?? problemOfDecisions(schedule);
}

/** Throws a `HeddleError` of that code if the schedule breaks a rule. */
export function checkSchedule(schedule: Schedule, code: ErrorCode): void {
  const problem = findProblem(schedule);
  if (problem === null) return;
  throw new HeddleError(code, `the schedule's ${problem.list}, entry ${problem.index}: ${problem.message}`);
}

/** Paths that were found good: a schedule has thousands of them, of few tasks. Bounded, since files may name any. */
const goodPaths = new Set<string>();
const GOOD_PATHS_MAX = 1_024;

/** `'1'`, `'1.0'`: components are at most three digits and below `TASKS_MAX`. */
export function isTaskPath(path: string): boolean {
  if (goodPaths.has(path)) return true;
  const isGood =
    path.length <= LIMITS.nameLength && PATH.test(path) && path.split('.').every((part) => Number(part) < TASKS_MAX);
  if (isGood && goodPaths.size < GOOD_PATHS_MAX) goodPaths.add(path);
  return isGood;
}

/** The event (position in the list) that a task descends from. */
export function eventOfPath(path: TaskPath): number {
  return Number.parseInt(path, 10);
}

export function isInt(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** Options in the canonical order, the same in both codecs: by UTF-16 code unit. */
export function sortedOptions(schedule: Schedule): [name: string, value: number][] {
  return Object.entries(schedule.options).sort(([a], [b]) => (a < b ? -1 : 1));
}

function problemOfHead(schedule: Schedule): Problem | null {
  for (const list of ['model', 'design', 'scene'] as const) {
    const message = problemOfName(schedule[list], list !== 'model');
    if (message !== null) return { list, index: 0, message };
  }
  const options = Object.entries(schedule.options);
  if (options.length > LIMITS.options) return tooMany('options', LIMITS.options);
  for (const [index, [name, value]] of options.entries()) {
    const message = problemOfName(name, false) ?? problemOfInt('the value', value, INT_MIN, INT_MAX);
    if (message !== null) return { list: 'options', index, message };
  }
  return null;
}

function problemOfEvents(schedule: Schedule): Problem | null {
  const { events } = schedule;
  if (events.length === 0) return { list: 'events', index: 0, message: 'a schedule needs at least one event' };
  if (events.length > LIMITS.events) return tooMany('events', LIMITS.events);
  for (const [index, { event, args }] of events.entries()) {
    let message = problemOfName(event, false);
    if (args.length > LIMITS.args) message ??= `at most ${LIMITS.args} arguments, not ${args.length}`;
    for (const arg of args) message ??= problemOfInt('an argument', arg, INT_MIN, INT_MAX);
    if (message !== null) return { list: 'events', index, message };
  }
  return null;
}

function problemOfDecisions(schedule: Schedule): Problem | null {
  for (const list of ['deviations', 'choices'] as const) {
    if (schedule[list].length > LIMITS[list]) return tooMany(list, LIMITS[list]);
    const seen = new Set<string>();
    for (const [index, decision] of schedule[list].entries()) {
      const { task, site, occurrence } = decision;
      const { function: name, operation, field, ordinal } = site;
      // With the lengths in front no two places share a key, whatever characters their names hold.
      const key = `${task} ${ordinal} ${occurrence} ${name.length} ${operation.length} ${name}${operation}${field}`;
      const message =
        problemOfTask(task, schedule.events.length) ??
        problemOfSite(site) ??
        problemOfInt('the occurrence', occurrence, 1, INT_MAX) ??
        ('target' in decision
          ? problemOfTask(decision.target, schedule.events.length)
          : problemOfInt('the value', decision.value, 0, INT_MAX)) ??
        (seen.has(key) ? 'this task, site and occurrence is decided twice' : null);
      if (message !== null) return { list, index, message };
      seen.add(key);
    }
  }
  return null;
}

function problemOfTask(path: TaskPath, events: number): string | null {
  if (!isTaskPath(path))
    return `not a task: ${JSON.stringify(path)}; a task is an event's position or a spawn of one: 1 or 1.0`;
  if (eventOfPath(path) < events) return null;
  return `task ${path} does not exist: there are ${events} events, numbered from 0`;
}

function problemOfSite(site: SiteRef): string | null {
  if (site.function === '' && (site.operation !== 'exit' || site.field !== '')) {
    return 'only the site exit has no function';
  }
  return (
    problemOfName(site.function, true) ??
    problemOfName(site.operation, false) ??
    problemOfName(site.field, true) ??
    problemOfInt('the ordinal', site.ordinal, 0, INT_MAX)
  );
}

function problemOfName(name: string, mayBeEmpty: boolean): string | null {
  if (name === '' && !mayBeEmpty) return 'a name is missing';
  if (name.length > LIMITS.nameLength) return `a name is longer than ${LIMITS.nameLength} characters`;
  if (LONE_SURROGATE.test(name)) return 'a name is not valid Unicode (half of a surrogate pair)';
  return null;
}

function problemOfInt(what: string, value: number, min: number, max: number): string | null {
  return isInt(value, min, max) ? null : `${what} must be an integer from ${min} to ${max}, not ${value}`;
}

function tooMany(list: Problem['list'], limit: number): Problem {
  return { list, index: limit, message: `more than ${limit} ${list}` };
}
