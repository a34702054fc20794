/** Why WebAssembly stopped a model: numbers for the executor, which keeps them with the finding, and words for people. */

/** Words of V8, in any of its versions, and ours. The index is the number; 0 and what is not listed have no words. */
const TRAPS: readonly [theirs: RegExp | null, ours: string][] = [
  [null, ''],
  [null, 'native stack overflow'],
  [/divide by zero|division by zero/, 'divide by zero'],
  [/remainder by zero/, 'remainder by zero'],
  [/divide result unrepresentable/, 'integer overflow'],
  [/null function|signature mismatch|table index/, 'call of a function value that is none, or of another type'],
  [/unreachable/, 'unreachable'],
  [/memory access/, 'access beyond the memory'],
  [null, 'a declaration, which belongs to register(),'], // the executor's own: registry.ts
];
/** The executor takes this one for a finding of its own kind, `stack-depth`. */
const OVERFLOW = 1;

/** The number of what was thrown by a model that ran. @throws `error` itself if it is no trap. */
export function trapNumber(error: unknown): number {
  if (error instanceof RangeError) return OVERFLOW;
  if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  const found = TRAPS.findIndex(([theirs]) => theirs?.test(error.message));
  return Math.max(found, 0);
}

/** Empty if the cause is not known. */
export const trapName = (number: number): string => TRAPS[number]?.[1] ?? '';
