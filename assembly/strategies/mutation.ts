// Mutation: a few random edits of the schedule in BASE, then replay. The edits: drop, add, move or retarget a deviation; set or clear a
// choice. New deviations fall on the steps that the parent's run had.
import {
  BASE, BASE_STEPS, CHOICES, CHOICES_MAX, DEVIATIONS, DEVIATIONS_MAX, INPUT, TASKS_MAX,
} from '../executor/layout';
import { control } from '../executor/state';
import { below, random } from './random-source';
import { ANY_TASK } from './replay';

function deviation(i: i32): usize {
  return INPUT + DEVIATIONS + (<usize>i << 3);
}

function remove(i: i32): void {
  const n = --control.deviations;
  for (; i < n; i++) store<u64>(deviation(i), load<u64>(deviation(i + 1)));
}

/** Keeps the order by (task, step); an entry for the same step is replaced. */
function insert(t: i32, step: i32, target: i32): void {
  const n = control.deviations;
  if (n == DEVIATIONS_MAX) return;
  const key = (<u64>t << 32) | step;
  let i = 0;
  for (; i < n; i++) {
    const other = (<u64>load<u16>(deviation(i) + 6) << 32) | load<u32>(deviation(i));
    if (other < key) continue;
    if (other > key) {
      for (let k = n; k > i; k--) store<u64>(deviation(k), load<u64>(deviation(k - 1)));
      control.deviations++;
    }
    break;
  }
  if (i == n) control.deviations++;
  store<i32>(deviation(i), step);
  store<u16>(deviation(i) + 4, <u16>target);
  store<u16>(deviation(i) + 6, <u16>t);
}

/** A random step of the parent's run. */
function add(): void {
  let at = below(max(control.baseTotal, 1));
  for (let t = 0; t < TASKS_MAX; t++) {
    const steps = load<i32>(BASE + BASE_STEPS + (<usize>t << 2));
    if (at < steps) {
      insert(t, at, ANY_TASK);
      return;
    }
    at -= steps;
  }
}

function move(): void {
  const i = below(control.deviations);
  const t = <i32>load<u16>(deviation(i) + 6);
  const target = <i32>load<u16>(deviation(i) + 4);
  const by = 1 + below(1 << below(5));
  const step = load<i32>(deviation(i)) + (random() & 1 ? by : -by);
  remove(i);
  if (step >= 0) insert(t, step, target);
}

function changeChoice(): void {
  const n = control.choices;
  const i = below(n + 1);
  const at = INPUT + CHOICES + (<usize>i << 3);
  if (i < n) {
    if (random() & 1) {
      store<u64>(at, load<u64>(INPUT + CHOICES + (<usize>(n - 1) << 3)));
      control.choices--;
    } else store<u16>(at + 4, <u16>ANY_TASK);
  } else if (n < CHOICES_MAX) {
    store<i32>(at, below(max(control.baseChoiceCount, 1)));
    store<u16>(at + 4, <u16>ANY_TASK);
    store<u16>(at + 6, <u16>below(max(control.events, 1)));
    control.choices++;
  }
}

/** `parameter`: expected number of edits; 0 = 1 to 4. */
export function prepareMutation(): void {
  const n = control.baseDeviations;
  for (let i = 0; i < n; i++) store<u64>(deviation(i), load<u64>(BASE + DEVIATIONS + (<usize>i << 3)));
  control.deviations = n;
  const c = control.baseChoices;
  for (let i = 0; i < c; i++) {
    store<u64>(INPUT + CHOICES + (<usize>i << 3), load<u64>(BASE + CHOICES + (<usize>i << 3)));
  }
  control.choices = c;
  for (let edits = 1 + below(control.parameter ? control.parameter : 4); edits > 0; edits--) {
    const kind = below(control.baseChoiceCount ? 8 : 7);
    if (kind == 7) changeChoice();
    else if (kind < 3 || !control.deviations) add();
    else if (kind == 3) remove(below(control.deviations));
    else if (kind == 4) store<u16>(deviation(below(control.deviations)) + 4, <u16>ANY_TASK);
    else move();
  }
}
