// Cells of objects without addresses (addresses.ts): what tasks touch is learned by where an object was allocated and the place in it, which is
// the same for all objects that stand for each other.
import { ALLOC_SITE } from '../executor/layout';
import { objectAt } from '../oracles/finding';
import { CELLS_MAX, FIELD_INDICES, FIELD_KEYS, FIELDS_MASK } from './layout';

/** The last one is shared (locations.ts). */
export const FIELD_CELLS_MAX: i32 = CELLS_MAX - 1;

/** Never 0. An address in no object has one key with all such. */
function keyOf(a: usize): u32 {
  const p = objectAt(a);
  if (!p) return 1;
  return ((<u32>load<i32>(p - ALLOC_SITE) << 12) | <u32>min((a - p) >> 2, 0xffe)) + 2;
}

function slotOf(key: u32): usize {
  let i = <usize>((key * 0x9e3779b1) >> 20) & FIELDS_MASK;
  while (load<u32>(FIELD_KEYS + (i << 2)) && load<u32>(FIELD_KEYS + (i << 2)) != key) i = (i + 1) & FIELDS_MASK;
  return i;
}

/** Index of the cell of an object; 0 if none such was touched. */
export function fieldOf(a: usize): i32 {
  return load<u16>(FIELD_INDICES + (slotOf(keyOf(a)) << 1));
}
/** Gives it that index. */
export function addField(a: usize, index: i32): void {
  const key = keyOf(a);
  const slot = slotOf(key);
  store<u32>(FIELD_KEYS + (slot << 2), key);
  store<u16>(FIELD_INDICES + (slot << 1), <u16>index);
}
