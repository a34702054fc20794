// Lock order: "this class was taken while that one was held" is an edge; an edge that closes a cycle is a finding, whether or not tasks
// wait for each other in this run. Edges of earlier executions count if the host kept them (`edgesKept`), so that two orders that never
// meet in one run are found as well.
//
// The class of a lock is what the model named (lockClass), else the site that allocated it; a lock that was made while the model booted is
// a class of its own. Levels (nested) split a class. A try-lock does not wait, so it closes no cycle, but what is taken under it does.
import { ALLOC_SITE, ARENAS, HELD_MAX } from '../executor/layout';
import { head, heldAt, task } from '../executor/state';
import { LOCK_ORDER, reportPair } from './finding';
import {
  CLASSES, CLASSES_MAX, EDGES, EDGES_MAX, FULL_ORDER, inTask, NEVER_WAITS, siteFlags, TaskWords, taskWords, TRIES,
  Words, words,
} from './memory';
import { logCell } from '../search/undo';

/** First bit of the level in a class and in the list of held locks; the site's bits there. */
const LEVEL: u32 = 28;
const SITE: u32 = 0xffffff;

@unmanaged
class Edge {
  /** Class that was held, and class that was taken under it. */
  from: u32;
  to: u32;
  /** Where the second was taken, and by whom. */
  site: i32;
  task: i32;
  /** Mark of the search that has followed it. */
  seen: i32;
}

@unmanaged
class Named {
  lock: usize;
  /** The name's address, or the lock's own. */
  name: u32;
}

function edgeAt(i: i32): Edge {
  return changetype<Edge>(EDGES + (<usize>i << 5));
}
function namedAt(i: i32): Named {
  return changetype<Named>(CLASSES + (<usize>i << 4));
}

function namedOf(lock: usize): Named | null {
  for (let i = 0; i < words.classes; i++) if (namedAt(i).lock == lock) return namedAt(i);
  return null;
}

/** `level` in the bits from LEVEL up. */
function classOf(lock: usize, level: u32): u32 {
  const named = namedOf(lock);
  if (named) return named.name | level;
  // Sites are below 64 Ki, addresses above.
  return (lock < ARENAS ? <u32>lock : load<u32>(lock - ALLOC_SITE)) | level;
}

/** Names the class of a lock: any address stands for the name, the lock's own for a class of its own. */
export function nameLock(lock: usize, name: u32): void {
  let named = namedOf(lock);
  if (!named) {
    if (words.classes == CLASSES_MAX) {
      words.full |= FULL_ORDER;
      return;
    }
    if (SEARCH) logCell(changetype<usize>(words) + offsetof<Words>('classes'), words.classes);
    named = namedAt(words.classes++);
    named.lock = lock;
  }
  if (SEARCH) logCell(changetype<usize>(named) + offsetof<Named>('name'), named.name);
  named.name = name;
}

/** The next lock that the running task takes is taken at this level of its class. */
export function setLevel(level: i32): void {
  if (!inTask()) return;
  const own = taskWords(head.current);
  if (SEARCH) logCell(changetype<usize>(own) + offsetof<TaskWords>('level'), own.level);
  own.level = level & 7;
}

let search: i32 = 0;

/** The first edge of a path from class `from` to class `to`; -1 if there is none. */
function pathFrom(from: u32, to: u32): i32 {
  for (let i = 0; i < words.edges; i++) {
    const edge = edgeAt(i);
    if (edge.from != from || edge.seen == search) continue;
    edge.seen = search;
    if (edge.to == to || pathFrom(edge.to, to) >= 0) return i;
  }
  return -1;
}

function addEdge(from: u32, to: u32, site: i32): void {
  for (let i = 0; i < words.edges; i++) if (edgeAt(i).from == from && edgeAt(i).to == to) return;
  if (words.edges == EDGES_MAX) {
    words.full |= FULL_ORDER;
    return;
  }
  const edge = edgeAt(words.edges++);
  edge.from = from;
  edge.to = to;
  edge.site = site;
  edge.task = head.current;
  edge.seen = 0;
}

/** The running task takes a lock, in addition to those that it holds. Answers the level, for the list of held locks. */
export function orderTaken(lock: usize, site: i32): u32 {
  if (!inTask()) return 0;
  const me = head.current;
  const level = <u32>taskWords(me).level << LEVEL;
  if (SEARCH) logCell(changetype<usize>(taskWords(me)) + offsetof<TaskWords>('level'), taskWords(me).level);
  taskWords(me).level = 0;
  const n = min(task(me).held, HELD_MAX);
  if (!n || siteFlags(site) & TRIES) return level;
  const to = classOf(lock, level);
  for (let i = 0; i < n; i++) {
    const at = heldAt(me, i);
    const held: usize = load<u32>(at);
    const how = load<u32>(at + 4);
    if (((how >> 24) & 15) == NEVER_WAITS) continue;
    const from = classOf(held, how & ~((1 << LEVEL) - 1));
    if (from == to) {
      // Two locks of one class: some other run may take them the other way round.
      if (held != lock) reportPair(LOCK_ORDER, site, lock, <i32>(how & SITE), me);
      continue;
    }
    search++;
    const back = pathFrom(to, from);
    if (back >= 0) reportPair(LOCK_ORDER, site, lock, edgeAt(back).site, back < words.edgesKept ? -1 : edgeAt(back).task);
    addEdge(from, to, site);
  }
  return level;
}
