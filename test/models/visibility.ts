// Programs whose bugs need a decision before an event that looks like nobody else's business: what makes it so is learnt late, happens inside the kit,
// or is an access to more than one cell. Each has a twin without the bug.
// And a task that polls what nobody was seen to write.
import { check, designIs, design, event, free, List, ListNode, Mutex, scene } from 'heddle';

enum Design {
  broken,
  fixed,
} // in the order of register()

class Pair {
  first: i32 = 0;
  second: i32 = 0;
}
class Element extends ListNode {}
class Holder {
  pair: Pair | null = null;
}

const mutex = new Mutex();
const shared = new Pair();
const holder = new Holder();
holder.pair = new Pair();
const taken = new Pair();
const list = new List<Element>();
const head = new Element();
const tail = new Element();
list.addTail(head);
list.addTail(tail);

function lock(): void {
  if (designIs(Design.fixed)) mutex.lock();
}
function unlock(): void {
  if (designIs(Design.fixed)) mutex.unlock();
}

/** Nobody comes to `second` who has not seen `first`. */
function set(): void {
  lock();
  shared.first = 1;
  shared.second = 1;
  unlock();
}
function get(): void {
  lock();
  if (shared.first) check(shared.second == 1, 'half of it');
  unlock();
}

/** Only this task reads `second`. */
function use(): void {
  lock();
  const pair = holder.pair;
  if (pair) pair.second;
  unlock();
}
function dispose(): void {
  lock();
  const pair = holder.pair;
  holder.pair = null;
  if (pair) free(pair);
  unlock();
}

/** The kit alone writes `nextNode`, and its points are at other elements. */
function walk(): void {
  lock();
  const next = head.nextNode;
  check(head.nextNode == next, 'the list has changed');
  unlock();
}
function unlink(): void {
  lock();
  tail.delist();
  unlock();
}

/** One point for the copy, at where it goes. */
function copy(): void {
  lock();
  memory.copy(changetype<usize>(taken), changetype<usize>(shared), offsetof<Pair>());
  unlock();
  check(taken.first == taken.second, 'a copy of half of it');
}

/** Waits for what no execution has shown so far. */
function wait(): void {
  while (!shared.first) {}
}
/** Both count; the first one then polls, with a cell of its own in the loop, what the second one sets. */
class Counts {
  both: i32 = 0;
  came: i32 = 0;
  polls: i32 = 0;
}
const counts = new Counts();
function polls(): void {
  counts.both++;
  while (!counts.came) counts.polls = counts.polls;
  counts.both++;
}
function comes(): void {
  counts.both++;
  counts.came = 1;
  counts.both++;
}
function crash(): void {
  check(false, 'always');
}

export function register(): void {
  design('broken', 'without a lock');
  design('fixed', 'with a lock around each task');
  event('set', set);
  event('get', get);
  event('use', use);
  event('dispose', dispose);
  event('walk', walk);
  event('unlink', unlink);
  event('copy', copy);
  event('wait', wait);
  event('polls', polls);
  event('comes', comes);
  event('crash', crash);
  scene('waited for').with('wait').with('set').with('crash');
  scene('polled').with('polls').with('comes');
  scene('learnt late').with('set').with('get');
  scene('freed').with('use').with('dispose');
  scene('written by the kit').with('walk').with('unlink');
  scene('copied').with('set').with('copy');
}
