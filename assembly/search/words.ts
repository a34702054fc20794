// Copies of a few words: `memory.copy` leaves the engine's code for each, which takes longer than the copy.

/** A multiple of 4 bytes. */
export function copyWords(to: usize, from: usize, bytes: usize): void {
  const end = to + (bytes & ~7);
  while (to < end) {
    store<u64>(to, load<u64>(from));
    to += 8;
    from += 8;
  }
  if (bytes & 4) store<u32>(to, load<u32>(from));
}
