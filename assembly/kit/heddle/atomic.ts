// A 32-bit number whose operations are each one scheduling point and indivisible.
import { point } from './abi/heddle';

@final
export class Atomic {
  private value: i32;

  constructor(value: i32 = 0) {
    this.value = value;
  }

  load(): i32 {
    point(changetype<usize>(this));
    return this.value;
  }

  store(value: i32): void {
    point(changetype<usize>(this));
    this.value = value;
  }

  add(n: i32): void {
    point(changetype<usize>(this));
    this.value += n;
  }

  sub(n: i32): void {
    point(changetype<usize>(this));
    this.value -= n;
  }

  inc(): void {
    point(changetype<usize>(this));
    this.value += 1;
  }

  dec(): void {
    point(changetype<usize>(this));
    this.value -= 1;
  }

  /** Adds and answers the new value. */
  addReturn(n: i32): i32 {
    point(changetype<usize>(this));
    this.value += n;
    return this.value;
  }

  /** Subtracts and answers the new value. */
  subReturn(n: i32): i32 {
    point(changetype<usize>(this));
    this.value -= n;
    return this.value;
  }

  /** Subtracts 1 and answers whether the value became 0. */
  decAndTest(): bool {
    point(changetype<usize>(this));
    this.value -= 1;
    return this.value == 0;
  }

  /** Stores and answers the old value. */
  xchg(value: i32): i32 {
    point(changetype<usize>(this));
    const old = this.value;
    this.value = value;
    return old;
  }

  /** Stores `value` if the old value is `expected`; answers the old value. */
  cmpxchg(expected: i32, value: i32): i32 {
    point(changetype<usize>(this));
    const old = this.value;
    if (old == expected) this.value = value;
    return old;
  }
}
