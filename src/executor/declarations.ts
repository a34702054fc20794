/** What a model declares, read from the executor's registry after `register`. */
import type { Manifest } from '../build/manifest.js';
import { HeddleError } from '../errors.js';
import { LIMITS } from '../schedule/schedule.js';
import { CONTROL, INVARIANTS_MAX, MEMORY } from './layout.js';
import type { MemoryView } from './memory-view.js';
import { FINDING_KINDS } from './types.js';

export interface ArgumentDeclaration {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}
export interface EventDeclaration {
  readonly name: string;
  /** Index in the shared table. */
  readonly entry: number;
  readonly arity: number;
  /** How often it may occur in a schedule; 0 = any number. */
  readonly atMost: number;
  readonly context: string;
  readonly args: readonly ArgumentDeclaration[];
}
export interface NamedDeclaration {
  readonly name: string;
  readonly description: string;
}
export interface SceneDeclaration {
  readonly name: string;
  /** Table index of its set-up function, 0 if none. */
  readonly setup: number;
  readonly events: readonly { readonly event: string; readonly args: readonly number[] }[];
}
export interface InvariantDeclaration {
  readonly name: string;
  readonly entry: number;
  readonly when: 'end' | 'always';
}
export interface SymptomDeclaration {
  readonly name: string;
  readonly title: string;
  /** All keys must match; several values of one key are alternatives. */
  readonly conditions: readonly { readonly key: string; readonly values: readonly string[] }[];
}
export interface OptionDeclaration {
  readonly name: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
}
export interface Declarations {
  readonly events: readonly EventDeclaration[];
  readonly designs: readonly NamedDeclaration[];
  readonly scenes: readonly SceneDeclaration[];
  readonly invariants: readonly InvariantDeclaration[];
  readonly symptoms: readonly SymptomDeclaration[];
  readonly options: readonly OptionDeclaration[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

interface Entry {
  kind: number;
  text: string;
  a: number;
  b: number;
  c: number;
  d: number;
}

/** Decodes and validates the registry. @throws HeddleError HDL_MODEL_DECLARATION naming what is wrong. */
export function readDeclarations(view: MemoryView, manifest: Manifest): Declarations {
  const events: Mutable<EventDeclaration>[] = [];
  const designs: NamedDeclaration[] = [];
  const scenes: Mutable<SceneDeclaration>[] = [];
  const invariants: InvariantDeclaration[] = [];
  const symptoms: Mutable<SymptomDeclaration>[] = [];
  const options: OptionDeclaration[] = [];
  const fail = (message: string, hint: string): never => {
    throw new HeddleError('HDL_MODEL_DECLARATION', `${manifest.name}: ${message}`, { hint });
  };
  const last = <T>(list: T[], what: string): T =>
    list.at(-1) ??
    fail(`${what} before anything it could belong to`, 'call it on the result of event(), scene() or symptom()');
  const handlers: Record<number, (e: Entry) => void> = {
    1: (e) => events.push({ name: e.text, entry: view.i32(e.a), arity: e.b, atMost: e.c, context: '', args: [] }),
    2: (e) => last(events, 'arg()').args.push({ name: e.text, min: e.a, max: e.b }),
    3: (e) => {
      last(events, 'context()').context = e.text;
    },
    4: (e) => designs.push({ name: e.text, description: view.string(e.a) }),
    5: (e) => scenes.push({ name: e.text, setup: e.a ? view.i32(e.a) : 0, events: [] }),
    6: (e) => last(scenes, 'with()').events.push({ event: e.text, args: [e.a, e.b, e.c] }),
    7: (e) => invariants.push({ name: e.text, entry: view.i32(e.a), when: e.b ? 'always' : 'end' }),
    8: (e) => symptoms.push({ name: e.text, title: view.string(e.a), conditions: [] }),
    9: (e) => addCondition(last(symptoms, 'on()'), e.text, view.string(e.a)),
    10: (e) => options.push({ name: e.text, default: e.a, min: e.b, max: e.c }),
  };
  const count = view.i32(MEMORY.CONTROL + CONTROL.registered);
  for (let i = 0; i < count; i++) {
    const at = MEMORY.REGISTRY + i * 32;
    const word = (k: number): number => view.i32(at + k * 4);
    const entry = { kind: word(0), text: view.string(word(1)), a: word(2), b: word(3), c: word(4), d: word(5) };
    const handler = handlers[entry.kind];
    if (!handler) fail(`unknown declaration kind ${entry.kind} (“${entry.text}”)`, 'use the functions of the kit');
    else handler(entry);
  }
  if (designs.length === 0) designs.push({ name: 'default', description: '' });
  const declarations = { events, designs, scenes, invariants, symptoms, options };
  validate(declarations, fail);
  return declarations;
}

function addCondition(symptom: Mutable<SymptomDeclaration>, key: string, value: string): void {
  const same = symptom.conditions.find((c) => c.key === key);
  if (same) (same.values as string[]).push(value);
  else symptom.conditions.push({ key, values: [value] });
}

const SYMPTOM_KEYS: readonly string[] = [
  'kind',
  'object',
  'field',
  'function',
  'invariant',
  'message',
  'allocated',
  'freed',
  'cleared',
  'task',
  'by',
  'interrupted',
];

type Fail = (message: string, hint: string) => never;

function validate(d: Declarations, fail: Fail): void {
  if (d.events.length === 0) fail('no event is declared', 'register() must call event("name", function) at least once');
  if (d.scenes.length === 0)
    fail('no scene is declared', 'register() must call scene("name").with("event") at least once');
  if (d.options.length > LIMITS.options) fail(`more than ${LIMITS.options} options`, 'use fewer');
  if (d.invariants.length > INVARIANTS_MAX) fail(`more than ${INVARIANTS_MAX} invariants`, 'join some of them');
  for (const [what, list] of [
    ['event', d.events],
    ['design', d.designs],
    ['scene', d.scenes],
    ['option', d.options],
    ['invariant', d.invariants],
  ] as const) {
    const seen = new Set<string>();
    for (const { name } of list) {
      if (seen.has(name)) fail(`${what} “${name}” is declared twice`, 'give each its own name');
      if (name.length === 0 || name.length > LIMITS.nameLength)
        fail(`a name of a ${what} is empty or too long`, 'give it a short name');
      seen.add(name);
    }
  }
  validateEvents(d, fail);
  validateScenes(d, fail);
  validateSymptoms(d, fail);
}

function validateEvents({ events, options }: Declarations, fail: Fail): void {
  for (const event of events) {
    if (event.arity > LIMITS.args)
      fail(`event “${event.name}” takes ${event.arity} arguments`, `at most ${LIMITS.args}`);
    if (event.args.length > event.arity)
      fail(`event “${event.name}” describes more arguments than it takes`, 'remove an arg()');
    for (const { name, min, max } of event.args) {
      if (min > max)
        fail(
          `arg(“${name}”, ${min}, ${max}) of event “${event.name}” allows nothing`,
          'the smallest value comes first',
        );
    }
  }
  for (const { name, default: byDefault, min, max } of options) {
    if (byDefault < min || byDefault > max)
      fail(
        `option “${name}” is ${byDefault} by default and allows ${min} to ${max}`,
        'the order is: default, min, max',
      );
  }
}

function validateScenes(d: Declarations, fail: Fail): void {
  for (const scene of d.scenes) {
    if (scene.events.length === 0) fail(`scene “${scene.name}” has no event`, 'add .with("event")');
    if (scene.events.length > LIMITS.events)
      fail(`scene “${scene.name}” has ${scene.events.length} events`, `at most ${LIMITS.events}`);
    for (const call of scene.events) {
      const event = d.events.find((e) => e.name === call.event);
      if (!event) {
        fail(
          `scene “${scene.name}” names the event “${call.event}”`,
          `declared are: ${d.events.map((e) => e.name).join(', ')}`,
        );
      }
      event?.args.forEach(({ name, min, max }, i) => {
        const value = call.args[i] ?? 0;
        if (value < min || value > max)
          fail(`scene “${scene.name}” has ${event.name} with ${name} = ${value}`, `its arg() says ${min} to ${max}`);
      });
    }
    for (const { name, atMost } of d.events) {
      const times = scene.events.filter((call) => call.event === name).length;
      if (atMost > 0 && times > atMost)
        fail(`scene “${scene.name}” has ${name} ${times} times`, `its event() says at most ${atMost} in a run`);
    }
  }
}

function validateSymptoms({ symptoms }: Declarations, fail: Fail): void {
  const kinds = FINDING_KINDS.slice(1);
  for (const symptom of symptoms) {
    for (const { key, values } of symptom.conditions) {
      // A pattern may stand for several kinds, and for those to come.
      const unknown = values.find((value) => !value.includes('*') && !kinds.some((kind) => kind === value));
      if (key === 'kind' && unknown !== undefined)
        fail(`symptom “${symptom.name}” has the kind “${unknown}”`, `kinds are: ${kinds.join(', ')}`);
      if (!SYMPTOM_KEYS.includes(key))
        fail(`symptom “${symptom.name}” has the key “${key}”`, `keys are: ${SYMPTOM_KEYS.join(', ')}`);
    }
  }
}
