/** The objects of a run for the viewer: which of them a reader needs, what their fields are called and hold after each move. */
import type { Manifest } from '../build/manifest.js';
import { MEMORY } from '../executor/layout.js';
import type { MemoryView } from '../executor/memory-view.js';
import type { ObservedMove, ObservedRun } from '../executor/observed-memory.js';
import type { TraceStep } from '../executor/types.js';
import { className } from '../findings/place.js';
import type { TraceNames } from './names.js';

/** Of a larger object only what is touched or changes is shown. */
const FIELDS_MAX = 24;
/** Their only word is who holds them, which the viewer shows elsewhere. */
const LOCKS: ReadonlySet<string> = new Set(['Mutex', 'SpinLock']);
/** The model's bookkeeping about itself; its table has numbers of four bytes for fields. */
const GHOSTS: ReadonlySet<string> = new Set(['Ghost', 'GhostTable']);
/** Words of the kit that hold a slot + 1: assembly/kit/heddle/. */
const SLOT_FIELDS: ReadonlySet<string> = new Set(['Mutex.owner', 'SpinLock.owner', 'RwSem.writer', 'RwLock.writer']);

interface Field {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  /** `Class.field`, as sites name it. */
  readonly key: string;
}

/** One line of the viewer's table for each field. */
export interface KnownObject {
  readonly name: string;
  /** Of the object; 0 for the module's variables. */
  readonly start: number;
  readonly fields: readonly Field[];
}

/** A field whose value is another one than before. */
export interface Change {
  readonly object: number;
  readonly field: number;
  readonly before: string;
  readonly after: string;
}

export interface ObjectsInput {
  readonly manifest: Manifest;
  readonly view: MemoryView;
  readonly run: ObservedRun;
  readonly names: TraceNames;
  readonly taskName: (slot: number) => string;
}

export class ViewObjects {
  readonly objects: readonly KnownObject[];
  private readonly words = new Map<number, number>();
  private readonly places = new Map<number, [object: number, field: number]>();
  /** Where a pointer was seen: there 0 is NULL. */
  private readonly pointers = new Set<string>();
  private readonly starts: ReadonlyMap<number, number>;
  private readonly unnamed = new Map<number, string>();

  constructor(private readonly input: ObjectsInput) {
    const { run } = input;
    this.starts = new Map(run.objects.map(({ start, classId }) => [start, classId]));
    this.objects = this.known();
    for (const [o, { fields }] of this.objects.entries()) {
      for (const [f, { address, size }] of fields.entries()) {
        for (let a = address & ~3; a < address + size; a += 4) if (!this.places.has(a)) this.places.set(a, [o, f]);
      }
    }
    this.findPointers();
  }

  /** The object and field that a step touches; -1 if it touches none that is shown. */
  placeOf(step: TraceStep): [object: number, field: number] {
    if (step.address === 0) return [-1, -1];
    const start = step.classId === 0 ? 0 : step.address - step.offset;
    const object = this.objects.findIndex(
      (known) => known.start === start && (start !== 0 || known.fields.some(({ address }) => address === step.address)),
    );
    const fields = this.objects[object]?.fields ?? [];
    return [object, fields.findIndex(({ address, size }) => step.address >= address && step.address < address + size)];
  }

  /** The name of what lies there; of a task's record, which others join: its end. */
  nameAt(address: number): string {
    const slot = (address - MEMORY.TASKS) / MEMORY.TASK_SIZE;
    if (slot >= 0 && slot < MEMORY.TASKS_MAX) return `end of ${this.input.taskName(slot)}`;
    return this.input.names.nameAt(address) || (this.unnamed.get(address) ?? this.nameUnknown(address));
  }

  /** What a field holds after the moves that were applied. */
  value(object: number, field: number): string {
    const found = this.objects[object]?.fields[field];
    return found ? this.valueOf(found) : '';
  }

  /** Takes a move's changes over; answers the fields that differ. */
  apply({ words, published }: Pick<ObservedMove, 'words' | 'published'>): Change[] {
    const before = new Map<string, string>();
    const touched: [number, number][] = [];
    const touch = (o: number, f: number): void => {
      const key = `${o},${f}`;
      if (before.has(key)) return;
      before.set(key, this.value(o, f));
      touched.push([o, f]);
    };
    for (const { address } of words) for (const [o, f] of this.fieldsAt(address)) touch(o, f);
    const born = this.objects.flatMap(({ start, fields }, o) =>
      published.includes(start) ? fields.map((_, f): [number, number] => [o, f]) : [],
    );
    for (const { address, value } of words) this.words.set(address, value);
    const changed = touched.filter(([o, f]) => before.get(`${o},${f}`) !== this.value(o, f));
    const all = [...born, ...changed.filter(([o]) => !born.some(([other]) => other === o))];
    return all.map(([object, field]) => {
      const text = before.get(`${object},${field}`) ?? '';
      const isNew = published.includes(this.objects[object]?.start ?? 0);
      return { object, field, before: isNew ? '' : text, after: this.value(object, field) };
    });
  }

  private word(address: number): number {
    return this.words.get(address) ?? this.input.run.first(address);
  }

  /** All fields that have a byte in that word. */
  private fieldsAt(address: number): [number, number][] {
    const [object = -1] = this.places.get(address) ?? [];
    const fields = this.objects[object]?.fields ?? [];
    return fields.flatMap((field, f) =>
      field.address < address + 4 && field.address + field.size > address ? [[object, f] as [number, number]] : [],
    );
  }

  private valueOf({ address, size, key }: Field): string {
    const word = this.word(address & ~3);
    if (size === 8) {
      const wide = (BigInt(this.word(address + 4)) << 32n) | BigInt(word);
      return String(BigInt.asIntN(64, wide));
    }
    const narrow = word >>> ((address & 3) * 8);
    if (size === 1) return String(narrow & 0xff);
    if (size === 2) return String(narrow & 0xffff);
    if (SLOT_FIELDS.has(key)) return word === 0 ? 'nobody' : this.input.taskName(word - 1);
    if (this.starts.has(word)) return this.pointerText(word);
    if (word === 0 && (this.pointers.has(key) || this.input.names.isPointerField(key))) return 'NULL';
    return String(word | 0);
  }

  private pointerText(start: number): string {
    const { manifest, view } = this.input;
    const name = className(manifest, this.starts.get(start) ?? 0);
    return name === 'String' ? JSON.stringify(view.string(start)) : `→ ${this.nameAt(start)}`;
  }

  private known(): KnownObject[] {
    const { run, manifest } = this.input;
    const touched = this.touchedAddresses();
    const isGhost = (classId: number): boolean => GHOSTS.has(className(manifest, classId));
    const objects = [...run.objects]
      .sort((a, b) => Number(isGhost(a.classId)) - Number(isGhost(b.classId)))
      .filter(({ start, classId }) => !run.hidden.has(start) && !LOCKS.has(className(manifest, classId)))
      .map(({ start, end, classId }) => ({ start, classId, inside: touched.filter((a) => a >= start && a < end) }))
      .filter(({ inside }) => inside.length > 0)
      .map(({ start, classId, inside }) => ({
        name: this.nameAt(start),
        start,
        fields: this.fieldsOf(start, classId, inside),
      }));
    const cells = manifest.cells
      .filter(({ address }) => touched.includes(address))
      .map(({ name, address }) => ({ name, address, size: 4, key: name }));
    const variables = cells.length > 0 ? [{ name: 'variables', start: 0, fields: cells }] : [];
    return [...variables, ...objects];
  }

  /** Words that the run changed or a step touched. */
  private touchedAddresses(): number[] {
    const { trace, moves } = this.input.run;
    const touched = new Set<number>();
    for (const { kind, address } of trace) if (kind === 'access' && address !== 0) touched.add(address);
    for (const { words } of moves) for (const { address } of words) touched.add(address);
    return [...touched].sort((a, b) => a - b);
  }

  private fieldsOf(start: number, classId: number, touched: readonly number[]): Field[] {
    const info = this.input.manifest.classes.find(({ id }) => id === classId);
    const owner = info?.name ?? '';
    const fields = owner === 'GhostTable' ? [] : (info?.fields ?? []);
    const declared = fields.map(({ name, offset, size }) => ({
      name,
      address: start + offset,
      size,
      key: `${owner}.${name}`,
    }));
    const isTouched = ({ address, size }: Field): boolean => touched.some((a) => a < address + size && a + 4 > address);
    if (declared.length > 0) return declared.length > FIELDS_MAX ? declared.filter(isTouched) : declared;
    const size = elementSize(owner);
    const elements = [...new Set(touched.map((a) => Math.floor((a - start) / size)))];
    return elements.map((i) => ({ name: `[${i}]`, address: start + i * size, size, key: `${owner}[]` }));
  }

  /** Goes through the whole run once. */
  private findPointers(): void {
    const { run } = this.input;
    const look = (address: number, value: number): void => {
      if (!this.starts.has(value)) return;
      for (const [o, f] of this.fieldsAt(address)) this.pointers.add(this.objects[o]?.fields[f]?.key ?? '');
    };
    for (const { fields } of this.objects)
      for (const { address } of fields) look(address & ~3, run.first(address & ~3));
    for (const { words } of run.moves) for (const { address, value } of words) look(address, value);
  }

  /** Numbered behind those that the trace names. */
  private nameUnknown(start: number): string {
    const { manifest, names } = this.input;
    const classId = this.starts.get(start) ?? 0;
    const same = [...this.unnamed.keys()].filter((other) => this.starts.get(other) === classId).length;
    const number = names.countOf(classId) + same + 1;
    const name = `${className(manifest, classId) || 'object'}${number > 1 ? `#${number}` : ''}`;
    this.unnamed.set(start, name);
    return name;
  }
}

/** Of `StaticArray<u8>`: 1. */
function elementSize(name: string): number {
  const type = /<(\w+)>$/.exec(name)?.[1] ?? '';
  if (/^(i8|u8|bool)$/.test(type)) return 1;
  if (/^(i16|u16)$/.test(type)) return 2;
  return /^(i64|u64|f64)$/.test(type) ? 8 : 4;
}
