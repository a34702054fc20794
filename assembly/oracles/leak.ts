// Leaks at quiescence: objects of tasks that are live and that nothing made at boot leads to. Conservative, like a collector's mark phase:
// any word that looks like a pointer counts as one, unless it was there when no task had made anything: text can look like pointers.
import { ARENAS, ARENA_SIZE, ALLOC_SITE, FREED, FREE_SITE, HEADER, HEADER_SIZE, MODEL, OBJECT_SIZE, SHADOW, SNAPSHOT, TASKS_MAX } from '../executor/layout';
import { bodySize } from '../executor/publish';
import { control, exists, head, task } from '../executor/state';
import { inHeap } from '../search/addresses';
import { LEAK, objectAt, report } from './finding';

/** Marks live in the second word of the header, which is 0 for a live object. */
const MARK: u32 = 0xffffffff;

function markWord(v: usize): void {
  if (!inHeap(v)) return;
  const p = objectAt(v);
  if (!p || load<u32>(p - FREE_SITE)) return;
  store<u32>(p - FREE_SITE, MARK);
  const end = p + bodySize(load<u32>(p - OBJECT_SIZE));
  for (let a = p; a < end; a += 4) markWord(load<u32>(a));
}

function markRoots(): void {
  for (let a = MODEL; a < control.bootBreak; a += 8) {
    if (!inHeap(load<u32>(a)) && !inHeap(load<u32>(a + 4))) continue;
    const s = load<u8>(SHADOW + ((a - MODEL) >> 3));
    if (s == FREED || s == HEADER) continue;
    markRoot(a);
    markRoot(a + 4);
  }
}

function markRoot(a: usize): void {
  const v = load<u32>(a);
  if (v != load<u32>(SNAPSHOT + (a - MODEL))) markWord(v);
}

export function checkLeaks(): void {
  if (head.objectsLive <= 0) return;
  markRoots();
  const current = head.current;
  for (let t = 0; t < TASKS_MAX; t++) {
    if (!exists(t)) continue;
    const end = task(t).brk;
    for (let p = ARENAS + <usize>t * ARENA_SIZE + HEADER_SIZE; p < end; ) {
      const state = load<u32>(p - FREE_SITE);
      if (state == MARK) store<u32>(p - FREE_SITE, 0);
      else if (!state) {
        head.current = t;
        report(LEAK, load<i32>(p - ALLOC_SITE), p, 0);
      }
      p += bodySize(load<u32>(p - OBJECT_SIZE)) + HEADER_SIZE;
    }
  }
  head.current = current;
}
