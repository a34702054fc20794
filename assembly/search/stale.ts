// What a read after free can still see. A freed object's content leaves the state's key, since as a rule nobody looks at it again. Where a
// read after free was seen, it stays in the key: which addresses those are is learned, and news makes the search start again
// (`hasChanged`), so a pass that ends without news has merged no two states that a read after free could tell apart.
import { MODEL, REGION } from '../executor/layout';
import { STALE } from './layout';
import { inHeap, isAnonymous } from './addresses';
import { learnt } from './locations';

/** Some task has read the freed 8 bytes that hold `a`. */
export function readStale(a: usize): void {
  if (a - MODEL >= REGION || isReadStale(a)) return;
  if (inHeap(a) && isAnonymous()) return; // its key has whatever a pointer leads to
  const i = (a - MODEL) >> 3;
  const at = STALE + (i >> 3);
  store<u8>(at, <u8>(<i32>load<u8>(at) | (1 << <i32>(i & 7))));
  learnt();
}

/** The 8 bytes that hold `a`, an address of an object, are read after they were freed. */
export function isReadStale(a: usize): bool {
  const i = (a - MODEL) >> 3;
  return ((load<u8>(STALE + (i >> 3)) >> <i32>(i & 7)) & 1) != 0;
}
