/**
 * The source of randomness of this folder: small, seeded, and the same on every machine for ever, because a campaign's
 * seed must give the same schedules again. Not for secrets.
 */

/** What mutators draw from. */
export interface Random {
  /** 32 random bits, unsigned. */
  u32(): number;
  /** Uniform in 0 … n − 1; n is an integer from 1 to 2^32. */
  below(n: number): number;
  /** `true` with probability p. */
  chance(p: number): boolean;
}

const RANGE = 0x100000000;

/**
 * xoshiro128** (Blackman and Vigna) seeded by splitmix32. The seed is a non-negative safe integer; `stream` separates
 * sources with one seed, such as workers.
 */
export function createRandom(seed: number, stream = 0): Random {
  for (const value of [seed, stream]) {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a seed: ${value}`);
  }
  const mix = splitmix(seed >>> 0);
  for (const word of [Math.floor(seed / RANGE), stream >>> 0, Math.floor(stream / RANGE)]) mix(word);
  return new Xoshiro(mix(0), mix(0), mix(0), mix(0));
}

/** One element, all equally likely; `undefined` if there is none. */
export function pickOne<T>(list: readonly T[], random: Random): T | undefined {
  return list.length === 0 ? undefined : list[random.below(list.length)];
}

class Xoshiro implements Random {
  constructor(
    private a: number,
    private b: number,
    private c: number,
    private d: number,
  ) {
    // All zero is the one state that never changes.
    if ((a | b | c | d) === 0) this.a = 1;
  }

  u32(): number {
    const result = Math.imul(rotate(Math.imul(this.b, 5), 7), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = rotate(this.d, 11);
    return result;
  }

  below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > RANGE) throw new RangeError(`not a bound: ${n}`);
    // Values above the largest multiple of n would make small results likelier.
    const end = RANGE - (RANGE % n);
    let value = this.u32();
    while (value >= end) value = this.u32();
    return value % n;
  }

  chance(p: number): boolean {
    return this.u32() < p * RANGE;
  }
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Each call stirs a word in and answers the next output. */
function splitmix(seed: number): (word: number) => number {
  let state = seed;
  return (word) => {
    state = (state ^ word) + 0x9e3779b9;
    let z = state | 0;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    z ^= z >>> 15;
    if (word !== 0) state = Math.imul(state ^ z, 0x2545f491);
    return z | 0;
  };
}
