// States that the host looks for, by their keys.

let targets: i32 = 0;
let list: usize = 0;

/** `searchRun` stops at each state whose key is one of the `n` at `at`. */
export function searchFor(at: usize, n: i32): void {
  list = at;
  targets = n;
}
export function hasTargets(): bool {
  return targets != 0;
}
export function isTarget(key: u64): bool {
  for (let i = 0; i < targets; i++) if (load<u64>(list + (<usize>i << 3)) == key) return true;
  return false;
}
