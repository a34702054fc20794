/**
 * Marks: places that only say whether any execution passed them. One plain store each, no hook and no scheduling point: function entries and
 * both outcomes of each condition. Sites say what tasks do to shared memory; marks say which code they went through to get there.
 */
import type { Mark } from './manifest.js';
import { displayName } from './names.js';
import type { Body } from './parse-module.js';
import { isModelFile, locate } from './source-map.js';
import type { Place } from './source-map.js';

export class MarkTable {
  readonly marks: Mark[] = [];
  private conditions = 0;

  constructor(
    private readonly places: readonly Place[],
    private readonly max: number,
  ) {}

  /** The number of the next condition. */
  newCondition(): number {
    return this.conditions++;
  }

  /** The number of a new mark; undefined if there are too many. `owner`: the compiler's name of the function. */
  add(kind: Mark['kind'], owner: string, offset: number, body: Body, condition?: number): number | undefined {
    if (this.marks.length === this.max) return undefined;
    const place = locate(this.places, offset, body, isModelFile);
    const { file = '', line = 0, column = 0 } = place ?? {};
    const which = condition === undefined ? {} : { condition };
    return this.marks.push({ kind, ...which, function: displayName(owner), file, line, column }) - 1;
  }
}
