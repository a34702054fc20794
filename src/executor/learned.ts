/** What a search has learned, as one block (assembly/search/layout.ts): is one that came from elsewhere such a block at all? */

/** Offsets in the block, sizes and most entries: assembly/search/layout.ts, locations.ts, locksets.ts. */
const CELL_INDEX_END = 0x120000;
const CELLS_MAX = 2048;
const WORDS = 0x120000;
const FIELD_KEYS = 0x14a000;
const FIELD_INDICES = 0x14e000;
const FIELD_INDICES_END = 0x150000;
const TABLE = 0x121000;
const TABLE_END = 0x141000;
const LOCATIONS = 0x150000;
const LOCATION_BYTES = 128;
const LOCATIONS_MAX = 8192;
const SUCCESSORS_AT = 12;
const SUCCESSORS = 16;
const SUCCESSORS_MAX = 56;
const LOCKSETS = 0x650000;
const LOCKSET_BYTES = 64;
const LOCKSETS_MAX = 1024;
const LOCKS_MAX = LOCKSET_BYTES / 4 - 1;
export const LEARNED_BYTES = 0x660000;

/**
 * Whether every index in the block is within its table, so that a search which is taught it ends and stays within its memory. Whether what it
 * says is so cannot be seen.
 */
export function isLearnedBlock(bytes: Uint8Array): boolean {
  if (bytes.length !== LEARNED_BYTES) return false;
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [locations, cells, locksets] = [0, 4, 8].map((at) => words.getUint32(WORDS + at, true));
  if (locations === undefined || cells === undefined || locksets === undefined) return false;
  if (locations >= LOCATIONS_MAX || cells > CELLS_MAX || locksets > LOCKSETS_MAX - 2) return false;
  for (let at = 0; at < CELL_INDEX_END; at += 2) if (words.getUint16(at, true) >= CELLS_MAX) return false;
  let fields = 0;
  for (let at = FIELD_KEYS; at < FIELD_INDICES; at += 4) if (words.getUint32(at, true) !== 0) fields++;
  if (fields > CELLS_MAX) return false;
  for (let at = FIELD_INDICES; at < FIELD_INDICES_END; at += 2) {
    if (words.getUint16(at, true) >= CELLS_MAX) return false;
  }
  const named = new Set<number>();
  for (let at = TABLE; at < TABLE_END; at += 8) {
    const i = words.getUint32(at + 4, true);
    if (i === 0) continue;
    if (i > locations || named.has(i)) return false;
    named.add(i);
  }
  for (let i = 0; i < LOCATIONS_MAX; i++) {
    const at = LOCATIONS + i * LOCATION_BYTES;
    const successors = words.getUint32(at + SUCCESSORS_AT, true);
    if (successors > SUCCESSORS_MAX) return false;
    for (let k = 0; k < successors; k++) if (words.getUint16(at + SUCCESSORS + 2 * k, true) > locations) return false;
  }
  for (let i = 0; i < LOCKSETS_MAX; i++) {
    if (words.getUint32(LOCKSETS + i * LOCKSET_BYTES, true) > LOCKS_MAX) return false;
  }
  return true;
}
