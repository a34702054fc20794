// The only randomness: xorshift64 on a word that the host seeds.
import { control } from '../executor/state';

export function random(): u32 {
  let x = control.random;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  control.random = x;
  return <u32>(x >> 32);
}

/** 0 … n−1. */
export function below(n: i32): i32 {
  return <i32>((<u64>random() * <u64>n) >> 32);
}
