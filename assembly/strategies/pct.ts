// PCT (Burckhardt et al., ASPLOS'10): random distinct priorities; d−1 change points, drawn without replacement over the estimated length,
// at which the running task drops below all that have not dropped; among these the order is random, or bugs of depth 3 and more lose their
// bound. Differs from the paper: a task that yields or spins drops too, or a waiting loop at top priority would never end; that voids the
// bound for such programs.
import { CHANGE_POINTS, control, head, PRIORITIES } from '../executor/state';
import { below, random } from './random-source';
import { NEVER } from './replay';

const CHANGE_POINTS_MAX: i32 = 32;
let points: i32 = 0;
let nextPoint: i32 = 0;
/** One bit for each priority that a change point can still give. */
let ranks: u32 = 0;
/** Priority for the next task that yields: below all earlier ones. */
let lowest: i32 = 0;

function priority(t: i32): usize {
  return PRIORITIES + (<usize>t << 2);
}
function changePoint(i: i32): usize {
  return CHANGE_POINTS + (<usize>i << 2);
}

/** Longest execution of this strategy since the host last gave an estimate, and that estimate: it counts until there was one. */
let longest: i32 = 0;
let given: i32 = 0;

export function finishPct(): void {
  if (head.total > longest) longest = head.total;
}

/** `parameter` = depth d. */
export function preparePct(): void {
  if (control.lengthEstimate != given) {
    given = control.lengthEstimate;
    longest = 0;
  }
  const length = max(longest ? longest : given, 2);
  points = min(min(max(control.parameter, 1) - 1, CHANGE_POINTS_MAX), length);
  for (let i = 0; i < points; i++) {
    // insertion into the sorted list; drawn again while it coincides
    let value = 0;
    let at = 0;
    for (let again = true; again; ) {
      value = 1 + below(length);
      for (at = 0; at < i && load<i32>(changePoint(at)) < value; at++);
      again = at < i && load<i32>(changePoint(at)) == value;
    }
    for (let k = i; k > at; k--) store<i32>(changePoint(k), load<i32>(changePoint(k - 1)));
    store<i32>(changePoint(at), value);
  }
  ranks = <u32>(((<u64>1) << points) - 1);
  nextPoint = 0;
  lowest = -1;
}

export function newTaskPct(t: i32): void {
  store<i32>(priority(t), CHANGE_POINTS_MAX + 1 + <i32>(random() >> 8));
}

/** The change points are drawn in random order, and so are the priorities that they give: 1 … points. */
function takeRank(): i32 {
  let left = ranks;
  for (let k = below(<i32>popcnt(ranks)); k > 0; k--) left &= left - 1;
  ranks &= ~(left & -left);
  return 1 + <i32>ctz(left);
}

function highest(byDefault: i32): i32 {
  let best = byDefault;
  for (let low = head.readyLow; low; low &= low - 1) {
    const t = <i32>ctz(low);
    if (load<i32>(priority(t)) > load<i32>(priority(best))) best = t;
  }
  for (let high = head.readyHigh; high; high &= high - 1) {
    const t = 64 + <i32>ctz(high);
    if (load<i32>(priority(t)) > load<i32>(priority(best))) best = t;
  }
  return best;
}

export function nextPct(t: i32, base: i32): i32 {
  // The start is no decision that a schedule can tell: the first task gives way at its first step if another one ranks higher.
  if (!head.total && !base && highest(t) != t) return base;
  while (nextPoint < points && load<i32>(changePoint(nextPoint)) <= head.total) nextPoint++;
  return nextPoint < points ? base + load<i32>(changePoint(nextPoint)) - head.total - 1 : NEVER;
}

export function decidePct(me: i32, gaveWay: bool, byDefault: i32): i32 {
  if (me < 0) return byDefault;
  if (gaveWay) store<i32>(priority(me), lowest--);
  else if (nextPoint < points && load<i32>(changePoint(nextPoint)) == head.total) {
    store<i32>(priority(me), takeRank());
    nextPoint++;
  }
  return highest(byDefault);
}

/** A task of higher priority was woken: it must run at the next point. */
export function outranks(t: i32, me: i32): bool {
  return load<i32>(priority(t)) > load<i32>(priority(me));
}
