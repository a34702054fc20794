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
