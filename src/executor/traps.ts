/**
 * Why WebAssembly stopped a model: numbers for the executor, which keeps them with the finding, and words for people.
 *
 * V8 tells the cause in words only. Its stack names the instruction at best: a division traps for two reasons at one place, and the stack is as
 * short as `Error.stackTraceLimit` says. What it says is the same in Node 20, 22 and 24, which a test compares; a trap whose words are new is a
 * finding all the same, without its cause. Everything but the cause goes by the number.
 */

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
  // The executor's own, which know their place: assembly/oracles/finding.ts.
  [null, 'a declaration, which belongs to register(),'],
  [null, 'invariant “%” writes: it may only read'],
  [null, 'invariant “%” does what only a task may do'],
  [null, 'a join of a task that was never started'],
  [null, 'choose(n) with n below 1'],
  [null, 'choose(n) with n above 65,536'],
  [null, 'an index that no design has'],
  [null, 'an index that no option has'],
];
const FIRST_WITH_PLACE = 9;
/** The executor takes this one for a finding of its own kind, `stack-depth`. */
const OVERFLOW = 1;

/** The number of what was thrown by a model that ran. @throws `error` itself if it is no trap. */
export function trapNumber(error: unknown): number {
  if (error instanceof RangeError) return OVERFLOW;
  if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  const found = TRAPS.findIndex(([theirs]) => theirs?.test(error.message));
  return Math.max(found, 0);
}

/**
 * Empty if the cause is not known. `code`: the number and, above its 8 bits, which invariant, whose name `invariant` tells.
 */
export const trapName = (code: number, invariant: (number: number) => string): string => {
  const text = TRAPS[code & 0xff]?.[1] ?? '';
  return text.includes('%') ? text.replace('%', () => invariant(code >>> 8)) : text;
};

/** Whether the executor stopped the task itself, and so knows the place. Of other traps only what came before is known. */
export const isAtItsPlace = (code: number): boolean => (code & 0xff) >= FIRST_WITH_PLACE;
