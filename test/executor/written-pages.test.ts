/** What is kept comes back, and pages that nobody has written to stay untouched. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WrittenPages } from '../../src/executor/written-pages.js';

const MIB = 2 ** 20;

describe('pages that were written', () => {
  it('are cleared and restored, and what was written since is gone', () => {
    const bytes = new Uint8Array(new SharedArrayBuffer(MIB));
    bytes.set([1, 2, 3], 4_095);
    bytes.set([4], 40_960);
    const before = bytes.slice();
    const kept = new WrittenPages(bytes.buffer);
    kept.clear(4_096, 8_192);
    expect([...bytes.subarray(4_094, 4_099)]).toEqual([0, 1, 0, 0, 0]);
    bytes[40_961] = 5;
    bytes[500_000] = 6;
    kept.restore();
    expect(Buffer.from(bytes).equals(before)).toBe(true);
  });

  const hasProc = existsSync('/proc/self/statm');
  it.skipIf(!hasProc)('are all that the system provides memory for', () => {
    const resident = () => Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[1]) * 4096;
    const memory = new WebAssembly.Memory({ initial: 4096, maximum: 4096, shared: true });
    new Uint8Array(memory.buffer)[128 * MIB] = 1;
    const before = resident();
    const kept = new WrittenPages(memory.buffer);
    kept.clear(0, memory.buffer.byteLength);
    kept.restore();
    expect(new Uint8Array(memory.buffer)[128 * MIB]).toBe(1);
    expect(resident() - before).toBeLessThan(64 * MIB);
  });
});
