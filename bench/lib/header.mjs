/** model.h of the native program: everything that it must have in common with the built model, so that hashes and coverage are equal. */
import { CONTROL, MEMORY, STRATEGIES } from '../../dist/executor/layout.js';
import { DEFAULT_LIMITS } from '../../dist/executor/executor.js';

const ADDRESSES = ['MODEL', 'MODEL_SIZE', 'ARENAS', 'ARENA_SIZE', 'REGION', 'TASKS', 'SITES_MAX', 'COVERAGE_SIZE'];
const NUMBERS = ['TASK_SIZE', 'TASKS_MAX', 'HELD_MAX'];
/** DEPTH_MAX of docs/abi.md. */
const DEPTH_MAX = 200;
/** LAST_WRITE of assembly/executor/layout.ts, and its entries. */
const LAST_WRITE = 0x340000;
const LAST_WRITES = 2048;

const define = (name, value) => `#define ${name} ${value}`;
const identifier = (...parts) =>
  parts
    .filter((part) => part !== '')
    .join('_')
    .replace(/[^A-Za-z0-9]+/g, '_');
const bytes = (name, array) => `static const unsigned char ${name}[] = {${array.join()}};`;

/** @param executor booted with the scene that the native program is to run, and not used yet: boot itself covers sites */
export function headerOf(executor) {
  const { manifest, view, declarations } = executor;
  const bootBreak = view.i32(MEMORY.CONTROL + CONTROL.bootBreak);
  const memory = view.bytes.slice(MEMORY.MODEL, bootBreak);
  const shadow = view.bytes.slice(MEMORY.SHADOW, MEMORY.SHADOW + (memory.length >> 3));
  const events = executor.sceneSchedule().events.map((call) => {
    const { entry, arity } = declarations.events[call.event];
    return `{${[entry, arity, call.args[0] ?? 0, call.args[1] ?? 0, call.args[2] ?? 0, call.event].join()}}`;
  });
  if (STRATEGIES[0] !== 'replay' || STRATEGIES[1] !== 'random')
    throw new Error('state.h numbers the strategies otherwise');
  return [
    '// Made by bench/lib/header.mjs.',
    ...ADDRESSES.map((name) => define(name, `${MEMORY[name]}u`)),
    ...NUMBERS.map((name) => define(name, MEMORY[name])),
    define('DEPTH_MAX', DEPTH_MAX),
    define('STACKS_MAX', events.length),
    define('STEP_LIMIT_DEFAULT', DEFAULT_LIMITS.steps),
    define('FUEL_LIMIT_DEFAULT', DEFAULT_LIMITS.fuel),
    define('RESTORE_FROM', `${view.i32(MEMORY.CONTROL + CONTROL.restoreFrom)}u`),
    define('BOOT_HASH', `${view.u64(MEMORY.CONTROL + CONTROL.bootHash)}ull`),
    ...manifest.sites.flatMap((s, i) =>
      s ? [define(identifier('S', s.function, s.operation, s.field, s.ordinal), i)] : [],
    ),
    ...manifest.classes.map((c) => define(identifier('C', c.name), c.id)),
    ...Object.entries(manifest.functions).map(([index, name]) => define(identifier('T', name), index)),
    ...bootObjects(manifest, view, bootBreak),
    `static const int EVENTS[][6] = {${events.join()}};`,
    bytes('BOOT_MEMORY', memory),
    bytes('BOOT_SHADOW', shadow),
    `static const unsigned BOOT_WRITES[][2] = {${bootWrites(view).join()}};`,
    `static const unsigned BOOT_FEATURES[] = {${[...executor.coverage()].flatMap((seen, i) => (seen ? [i] : [])).join()}};`,
    '',
  ].join('\n');
}

/** Last writes that coverage remembers from the boot: (index, entry). */
function bootWrites(view) {
  const entries = Array.from({ length: LAST_WRITES }, (_, i) => [i, view.u32(LAST_WRITE + i * 4)]);
  return entries.filter(([, entry]) => entry !== 0).map(([i, entry]) => `{${i},${entry}u}`);
}

/** Addresses of the objects that module-level code made, by class and order. */
function bootObjects(manifest, view, bootBreak) {
  const counts = new Map();
  const lines = [];
  for (let p = manifest.staticEnd + MEMORY.HEADER_SIZE; p < bootBreak; ) {
    const id = view.i32(p - 8);
    const n = counts.get(id) ?? 0;
    counts.set(id, n + 1);
    lines.push(define(identifier('O', manifest.classes.find((c) => c.id === id)?.name ?? `class${id}`, n), `${p}u`));
    p += Math.max(8, (view.i32(p - 4) + 7) & ~7) + MEMORY.HEADER_SIZE;
  }
  return lines;
}
