/** What a trace's addresses and values are called. */
import type { Manifest } from '../build/manifest.js';
import { MEMORY } from '../executor/layout.js';
import type { TraceStep } from '../executor/types.js';
import { className } from '../findings/place.js';
import { nullLoad } from '../findings/signature.js';
import type { Scene } from './rows.js';

/** Of ints, what is longer says nothing to a reader. */
const SHORT = 100_000;

/** Names objects and values within one trace: the same object has the same name on every line. */
export class TraceNames {
  private readonly manifest: Manifest;
  /** Start address → class id, of every object that was touched or pointed to. */
  private readonly classes = new Map<number, number>();
  /** Start address → which object of its class it is, from 1. By address: what was made first in a task comes first, whatever the schedule. */
  private readonly numbers = new Map<number, number>();
  private readonly counts = new Map<number, number>();
  /** Fields that held a pointer at least once: there 0 is NULL. */
  private readonly pointers = new Set<string>();

  constructor({ manifest, trace, finding, classAt }: Scene) {
    this.manifest = manifest;
    if (finding?.object) this.classes.set(finding.object.address, finding.object.classId);
    for (const step of trace) {
      if (step.classId !== 0) this.classes.set(step.address - step.offset, step.classId);
      if (step.kind !== 'access' || !isPointer(step.value)) continue;
      this.pointers.add(this.fieldOf(step));
      const classId = classAt?.(step.value) ?? 0;
      if (classId !== 0 && !this.classes.has(step.value)) this.classes.set(step.value, classId);
    }
    for (const start of [...this.classes.keys()].sort((a, b) => a - b)) this.number(start);
    const nulled = finding?.kind === 'null-dereference' ? trace[nullLoad(finding, manifest, trace)] : undefined;
    if (nulled) this.pointers.add(this.fieldOf(nulled));
  }

  /** `Account#2.balance`, `Mutex`, or a module variable's name. The number is left out for the only object of its class. */
  object(step: TraceStep): string {
    const field = this.fieldOf(step);
    const [owner = '', ...rest] = field.split('.');
    const suffix = this.suffix(step.address - step.offset);
    const name = owner || className(this.manifest, step.classId);
    return [`${name}${suffix}`, ...rest].join('.');
  }

  /** `Account#2` of the object that starts there; empty if the trace neither touches nor points to it. */
  nameAt(start: number): string {
    const classId = this.classes.get(start);
    return classId === undefined ? '' : `${className(this.manifest, classId)}${this.suffix(start)}`;
  }

  /** How many objects of the class have a name. */
  countOf(classId: number): number {
    return this.counts.get(classId) ?? 0;
  }

  /** Whether 0 is NULL in a field `Class.name`. */
  isPointerField(field: string): boolean {
    return this.pointers.has(field);
  }

  /** `NULL`, `→ DevIommu`, `42`; empty if nothing short can be said. */
  value(step: TraceStep): string {
    const classId = this.classes.get(step.value);
    if (classId !== undefined) return `→ ${className(this.manifest, classId)}${this.suffix(step.value)}`;
    if (step.value === 0 && this.pointers.has(this.fieldOf(step))) return 'NULL';
    const value = this.narrowed(step);
    return Math.abs(value) < SHORT ? String(value) : '';
  }

  private number(start: number): void {
    const classId = this.classes.get(start) ?? 0;
    const count = (this.counts.get(classId) ?? 0) + 1;
    this.counts.set(classId, count);
    this.numbers.set(start, count);
  }

  private fieldOf(step: TraceStep): string {
    return this.manifest.sites[step.site]?.field ?? '';
  }

  private suffix(start: number): string {
    const classId = this.classes.get(start);
    if (classId === undefined || (this.counts.get(classId) ?? 0) < 2) return '';
    return `#${this.numbers.get(start) ?? 0}`;
  }

  /** A trace holds the whole word; a narrow field is a part of it. Signed, as most ints of models are. */
  private narrowed({ value, classId, offset }: TraceStep): number {
    const fields = this.manifest.classes.find(({ id }) => id === classId)?.fields ?? [];
    const size = fields.find((field) => field.offset === offset)?.size ?? 4;
    if (size === 1) return value & 0xff;
    if (size === 2) return value & 0xffff;
    return value | 0;
  }
}

/** Objects of models lie there, and hardly a number does. */
function isPointer(value: number): boolean {
  return value >= MEMORY.MODEL && value < MEMORY.MODEL + MEMORY.REGION && value % 8 === 0;
}
