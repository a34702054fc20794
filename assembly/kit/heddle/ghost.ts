// Bookkeeping of the model about itself, for invariants and checks: part of the state, but no scheduling point and no memory of the
// modelled system. The modelled code must not depend on it.

@final
export class Ghost {
  private value: i32;

  constructor(value: i32 = 0) {
    this.value = value;
  }

  get(): i32 {
    return this.value;
  }

  set(value: i32): void {
    this.value = value;
  }

  add(n: i32): void {
    this.value += n;
  }
}

const GHOSTS_MAX: i32 = 32;

/** Up to 32 of them in one object, by number; all are 0 at first. */
@final
export class GhostTable {
  private values0: i64 = 0;
  private values1: i64 = 0;
  private values2: i64 = 0;
  private values3: i64 = 0;
  private values4: i64 = 0;
  private values5: i64 = 0;
  private values6: i64 = 0;
  private values7: i64 = 0;
  private values8: i64 = 0;
  private values9: i64 = 0;
  private values10: i64 = 0;
  private values11: i64 = 0;
  private values12: i64 = 0;
  private values13: i64 = 0;
  private values14: i64 = 0;
  private values15: i64 = 0;

  private cell(i: i32): usize {
    if (<u32>i >= <u32>GHOSTS_MAX) throw new Error('a ghost beyond the table');
    return changetype<usize>(this) + ((<usize>i) << 2);
  }

  get(i: i32): i32 {
    return load<i32>(this.cell(i));
  }

  set(i: i32, value: i32): void {
    store<i32>(this.cell(i), value);
  }

  add(i: i32, n: i32): void {
    store<i32>(this.cell(i), load<i32>(this.cell(i)) + n);
  }
}
