// Choices that the schedule makes, failed checks, counters and notes.
import {
  ASSERTION, CHOOSES_NONE, CHOOSES_TOO_MANY, NO_SUCH_DESIGN, NO_SUCH_OPTION, report as reportFinding, TRAP,
} from '../oracles/finding';
import { onAnnotation } from '../oracles/hooks';
import { refused } from '../oracles/invariants';
import { decideChoice } from '../strategies/strategy';
import { siteOr } from './access';
import { CHOICES_MAX, COUNTERS, COUNTERS_MAX, RECORD_CHOICES, RECORD_MAX } from './layout';
import { stop } from './scheduler';
import { control, head, OPTIONS, task } from './state';
import { T_CHOOSE, T_NOTE, traceEvent } from './trace';

/** A record holds choices of 16 bits. */
const CHOICES_OF_ONE: i32 = 0x10000;

/** 0 … n−1; 0 unless the schedule says otherwise. */
export function chosen(n: i32, isFault: bool, site: i32): i32 {
  const me = head.current;
  if (me < 0 || n <= 1) return 0; // while the model boots nothing is chosen
  if (refused(site)) return 0;
  const r = task(me);
  const nth = r.choices++;
  let value = decideChoice(me, nth, n, isFault);
  // As many as a schedule can hold: what has failed can always be replayed.
  if (head.recordedChoices >= CHOICES_MAX && !head.pausing) value = 0;
  if (value && head.recordedChoices < RECORD_MAX) {
    const at = RECORD_CHOICES + (<usize>(head.recordedChoices++) << 3);
    store<i32>(at, nth);
    store<u16>(at + 4, <u16>value);
    store<u16>(at + 6, <u16>me);
  }
  traceEvent(T_CHOOSE, site, n, value);
  return value;
}
export function choose(n: i32, site: i32): i32 {
  if (<u32>(n - 1) < <u32>CHOICES_OF_ONE) return chosen(n, false, siteOr(site));
  stop(TRAP, siteOr(site), 0, n < 1 ? CHOOSES_NONE : CHOOSES_TOO_MANY);
  return 0;
}
export function fault(_name: usize, site: i32): i32 {
  return chosen(2, true, siteOr(site));
}

/** A failed check. */
export function fail(text: usize, site: i32): void {
  stop(ASSERTION, siteOr(site), 0, text);
}
/** A finding reported by the kit. */
export function report(kind: i32, object: usize, site: i32): void {
  stop(kind, siteOr(site), object, 0);
}

export function count(name: usize, n: i32, _site: i32): void {
  for (let i = 0; i < COUNTERS_MAX; i++) {
    const at = COUNTERS + (<usize>i << 3);
    if (i == head.counters) {
      head.counters++;
      store<u32>(at, <u32>name);
      store<i32>(at + 4, n);
      return;
    }
    if (load<u32>(at) == <u32>name) {
      store<i32>(at + 4, load<i32>(at + 4) + n);
      return;
    }
  }
}
export function note(text: usize, value: i32, site: i32): void {
  traceEvent(T_NOTE, siteOr(site), text, value);
}
/** What a model says about its locks: only the costly oracles listen. */
export function annotate(kind: i32, object: usize, a: i32, b: i32, _site: i32): void {
  if (ORACLES) onAnnotation(kind, object, a, b);
}

export function design(_site: i32): i32 {
  return control.design;
}
/** Is this the design of the run? An index that no design has is a finding, once the host has read how many there are. */
export function is_design(index: i32, site: i32): i32 {
  if (index == control.design) return 1;
  if (<u32>index >= <u32>control.designs && control.designs) reportFinding(TRAP, siteOr(site), 0, NO_SUCH_DESIGN);
  return 0;
}
export function scene(_site: i32): i32 {
  return control.scene;
}
export function option(index: i32, site: i32): i32 {
  if (<u32>index < <u32>control.options) return load<i32>(OPTIONS + (<usize>index << 2));
  if (control.designs) reportFinding(TRAP, siteOr(site), 0, NO_SUCH_OPTION); // the host has read how many there are
  return 0;
}
