/** From a flag's text to its value. They throw commander's error, which becomes a usage error that names the flag. */
import { InvalidArgumentError } from 'commander';
import { FINDING_KINDS } from '../executor/types.js';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `30s`, `1.5h`, `2h30m`, `500ms`; a bare number is seconds. */
export function parseDuration(text: string): number {
  const bare = /^\d+(\.\d+)?$/.test(text) ? `${text}s` : text;
  const parts = [...bare.matchAll(/(\d+(?:\.\d+)?)(ms|min|[smhd])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== bare) {
    throw new InvalidArgumentError('write a duration such as 30s, 10m or 2h.');
  }
  const ms = parts.reduce((sum, [, n, unit]) => sum + Number(n) * (UNIT_MS[unit ?? ''] ?? 0), 0);
  if (!(ms > 0)) throw new InvalidArgumentError('the duration must be more than 0.');
  return ms;
}

/** Of numbers that the executor keeps in words of 32 bits and adds up there. */
export const WORD_MAX = 1_000_000_000;
/** Each worker is a thread with some megabytes of its own: more than that ends a process before it can say why. */
export const JOBS_MAX = 512;

/** An integer from `min` to `max`; `k`, `M` and `_` are understood: `50k`, `1_000_000`. */
export function parseCount(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const match = /^(\d[\d_]*)([kM]?)$/.exec(text);
    const value = match
      ? Number(match[1]?.replaceAll('_', '')) * (match[2] === 'k' ? 1e3 : match[2] === 'M' ? 1e6 : 1)
      : Number.NaN;
    if (!Number.isSafeInteger(value) || value < min || value > max)
      throw new InvalidArgumentError(
        `write a whole number from ${min}${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ''}.`,
      );
    return value;
  };
}

/** Where something is to be written: an empty word is a variable of a script that was not set. */
export function parsePath(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('write the name of a file or folder; it is empty.');
  return text;
}

/** 0 to 65535. */
export function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError('write a port: a whole number from 0 to 65535.');
  }
  return Number(text);
}

const U64 = 1n << 64n;

/** Unsigned 64 bits, decimal or 0x…. */
export function parseSeed(text: string): bigint {
  if (!/^(\d+|0x[0-9a-fA-F]+)$/.test(text) || BigInt(text) >= U64) {
    throw new InvalidArgumentError('write a whole number from 0 to 18446744073709551615.');
  }
  return BigInt(text);
}

/** Collects `name=value`. */
export function parseOptionPair(
  text: string,
  previous: Readonly<Record<string, number>> | undefined,
): Record<string, number> {
  const match = /^([^=]+)=(-?\d+)$/.exec(text);
  if (!match) throw new InvalidArgumentError('write it as name=number.');
  return { ...previous, [match[1] ?? '']: Number(match[2]) };
}

/** `all`, `cheap`, `memory`, or kinds with commas; checked here, resolved by the command. */
export function parseOracles(text: string): string {
  if (['all', 'cheap', 'memory'].includes(text)) return text;
  const known: readonly string[] = FINDING_KINDS.slice(1);
  const unknown = text.split(',').find((kind) => !known.includes(kind));
  if (unknown !== undefined)
    throw new InvalidArgumentError(
      `“${unknown}” is no kind of finding; there are: all, cheap, memory, ${known.join(', ')}.`,
    );
  return text;
}

const UNIT_BYTES: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };
/** WebAssembly memory ends at 4 GiB. */
const BYTES_MAX = 3.5 * 2 ** 30;

/** `512M`, `2G`: bytes, from 1 MiB to 3.5 GiB. */
export function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMG])i?B?$/.exec(text);
  const bytes = match ? Number(match[1]) * (UNIT_BYTES[match[2] ?? ''] ?? 1) : Number.NaN;
  if (!(bytes >= 2 ** 20 && bytes <= BYTES_MAX))
    throw new InvalidArgumentError('write a size such as 256M or 2G, up to 3.5G.');
  return bytes;
}
