// Which abstract schedules the reads-from strategy tries: those that showed a new pair or a new combination of pairs are kept, and mutated
// by a power schedule, the cut-off exponential of AFLFast over how often a combination was seen.
import { control } from '../executor/state';
import {
  ABSTRACT, ABSTRACT_MAX, ABSTRACT_SIZE, COMBINATIONS, COMBINATIONS_MASK, PAIRS, PAIRS_MAX, PAIR_TABLE, PAIR_TABLE_MASK,
} from './layout';
import { generation } from './profile';
import { below } from './random-source';

/** A read and the write that it reads from (0: what was there at the start), at one cell. */
@unmanaged
export class Pair {
  write: i32;
  read: i32;
  address: usize;
  /** The last execution in which it was seen. */
  epoch: u32;
}

/** A kept abstract schedule: constraints are (index of a pair << 1 | wanted), u16 each. */
@unmanaged
class Abstract {
  /** Place of its combination in COMBINATIONS. */
  combination: u32;
  chosen: i32;
  constraints: i32;
}
const CONSTRAINTS: usize = 16;
export const CONSTRAINTS_MAX: i32 = 24;
/** Executions of a kept schedule in a row, at most. */
const STAGE_MAX: i32 = 16;

let known: i32 = -1;
let pairs: i32 = 0;
let kept: i32 = 0;
/** Combinations seen, and executions that count for their mean. */
let combinations: i32 = 0;
let executions: i32 = 0;
/** The kept schedule that is mutated now, and how often it still is. */
let parent: i32 = -1;
let stage: i32 = 0;
/** Of this execution. */
let epoch: u32 = 0;
let combination: u32 = 0;
let showsNewPair: bool = false;
export let constraints: i32 = 0;
/** Indices and signs of the constraints that are in force. */
const current = memory.data(64);

function pairAt(i: i32): Pair {
  return changetype<Pair>(PAIRS + (<usize>i << 4));
}
function keptAt(i: i32): Abstract {
  return changetype<Abstract>(ABSTRACT + <usize>i * ABSTRACT_SIZE);
}
function coded(i: i32): i32 {
  return <i32>load<u16>(current + (<usize>i << 1));
}
function setCoded(i: i32, code: i32): void {
  store<u16>(current + (<usize>i << 1), <u16>code);
}
/** Of the ith constraint: its pair, and whether that is wanted or must not be. */
export function constraintAt(i: i32): Pair {
  return pairAt(coded(i) >> 1);
}
export function isWanted(i: i32): bool {
  return (coded(i) & 1) != 0;
}

/** Before an execution: what to aim at. */
export function prepareAbstract(): void {
  if (known != generation) {
    known = generation;
    pairs = kept = combinations = executions = 0;
    parent = -1;
    stage = 0;
    memory.fill(PAIR_TABLE, 0, (<usize>PAIR_TABLE_MASK + 1) << 1);
    memory.fill(COMBINATIONS, 0, (<usize>COMBINATIONS_MASK + 1) << 3);
  }
  epoch++;
  combination = 0;
  showsNewPair = false;
  constraints = 0;
  if (!kept) return;
  const mean = executions / max(combinations, 1);
  for (let tries = 0; stage <= 0 && tries < kept; tries++) {
    if (++parent >= kept) parent = 0;
    stage = energy(keptAt(parent), mean);
  }
  if (stage <= 0) stage = 1;
  stage--;
  const k = keptAt(parent);
  k.chosen++;
  constraints = k.constraints;
  memory.copy(current, changetype<usize>(k) + CONSTRAINTS, <usize>constraints << 1);
  for (let edits = 1 + below(3); edits > 0; edits--) mutate();
}

/** Executions that a kept schedule deserves: none while its combination is seen more often than the mean. */
function energy(k: Abstract, mean: i32): i32 {
  const seen = load<i32>(COMBINATIONS + (<usize>k.combination << 3) + 4);
  if (seen > mean + 1) return 0;
  const factor = 1 << min(k.chosen / STAGE_MAX, 10);
  return min(max(factor / max(mean, 1), 1), STAGE_MAX);
}

/** Insert, swap, negate, or leave as it is: the new priorities alone make it another execution. */
function mutate(): void {
  if (!pairs) return;
  const kind = below(4);
  const code = (below(pairs) << 1) | (below(9) == 0 ? 1 : 0);
  if (kind == 0) {
    if (constraints < CONSTRAINTS_MAX) setCoded(constraints++, code);
  } else if (!constraints) return;
  else if (kind == 1) setCoded(below(constraints), code);
  else if (kind == 2) {
    const i = below(constraints);
    setCoded(i, coded(i) ^ 1);
  }
}

/** An event has read at `read` what was written at `write`. */
export function observe(write: i32, read: i32, address: usize): void {
  let h = (<u32>write * 0x9e3779b1) ^ (<u32>read * 0x85ebca77) ^ (<u32>address * 0xc2b2ae3d);
  h ^= h >> 15;
  h *= 0x2c1b3c6d;
  h ^= h >> 12;
  let i = h;
  while (true) {
    const at = PAIR_TABLE + (<usize>(i & PAIR_TABLE_MASK) << 1);
    const found = <i32>load<u16>(at);
    if (!found) {
      if (pairs == PAIRS_MAX) return;
      const p = pairAt(pairs++);
      store<u16>(at, <u16>pairs);
      p.write = write;
      p.read = read;
      p.address = address;
      p.epoch = epoch;
      combination += h | 1;
      showsNewPair = true;
      return;
    }
    const p = pairAt(found - 1);
    if (p.write == write && p.read == read && p.address == address) {
      if (p.epoch != epoch) {
        p.epoch = epoch;
        combination += h | 1;
      }
      return;
    }
    i++;
  }
}

/** After an execution: counts its combination and keeps what was aimed at if that is new. */
export function finishAbstract(): void {
  executions++;
  const key = combination | 1;
  let i = (key * 0x9e3779b1) >> 18;
  let isNew = false;
  while (true) {
    i &= COMBINATIONS_MASK;
    const at = COMBINATIONS + (<usize>i << 3);
    const found = load<u32>(at);
    if (!found) {
      if (<u32>combinations > COMBINATIONS_MASK - (COMBINATIONS_MASK >> 2)) return; // full enough
      isNew = true;
      combinations++;
      store<u32>(at, key);
    }
    if (!found || found == key) {
      store<i32>(at + 4, load<i32>(at + 4) + 1);
      break;
    }
    i++;
  }
  if (!isNew && !showsNewPair) return;
  const k = keptAt(kept < ABSTRACT_MAX ? kept++ : below(kept));
  k.combination = i;
  k.chosen = 0;
  k.constraints = constraints;
  memory.copy(changetype<usize>(k) + CONSTRAINTS, current, <usize>constraints << 1);
}
