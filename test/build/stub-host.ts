/** Runs a built model without the executor: loads and stores do what they say, and every n-th of them suspends the task. */
import type { BuiltModel } from '../../src/build/index.js';
import { ADDRESS } from '../../src/build/abi.js';

const BUFFER = 0x640000;
const BUFFER_SIZE = 0x8000;
const HEAP = 0x500000;

export interface StubHost {
  readonly words: Int32Array;
  /** Calls that reached the host, by import. */
  readonly calls: Record<string, number>;
  /** Sites given to `at`, `fuel` and `deep`, in order. */
  readonly sites: { readonly hook: string; readonly site: number }[];
  /** Runs the function of that name in the table to its end; answers how often it was suspended. */
  run(name: string, suspendEvery: number): number;
}

export function start({ wasm, manifest }: BuiltModel): StubHost {
  const memory = new WebAssembly.Memory({ initial: 256, maximum: 256, shared: true });
  const table = new WebAssembly.Table({ initial: 64, element: 'anyfunc' });
  const words = new Int32Array(memory.buffer);
  const bytes = new DataView(memory.buffer);
  const calls: Record<string, number> = {};
  const sites: StubHost['sites'] = [];
  const state = ADDRESS.asyncifyState / 4;
  let heap = HEAP;
  let every = 0;
  let accesses = 0;

  /** True: the task suspends here, and the caller answers anything. */
  const suspends = (): boolean => {
    if (words[state] === 2) {
      words[state] = 0;
      return false;
    }
    if (every === 0 || ++accesses % every !== 0) return false;
    words[state] = 1;
    words[ADDRESS.asyncifyData / 4] = BUFFER;
    words[BUFFER / 4] = BUFFER + 8;
    words[BUFFER / 4 + 1] = BUFFER + BUFFER_SIZE;
    return true;
  };
  const known: Record<string, (...values: number[]) => unknown> = {
    fn: (base = 0, offset = 0) => bytes.getInt32(base + offset, true),
    cls: (base = 0, offset = 0) => bytes.getInt32(base + offset, true),
    copy: (to = 0, from = 0, length = 0) => new Uint8Array(memory.buffer).copyWithin(to, from, from + length),
    new: (size = 0, id = 0) => {
      const pointer = heap + 16;
      heap = (pointer + size + 15) & ~15;
      bytes.setInt32(pointer - 8, id, true);
      bytes.setInt32(pointer - 4, size, true);
      return pointer;
    },
  };
  for (const width of [8, 16, 32, 64] as const) {
    const get = {
      8: (a: number) => bytes.getUint8(a),
      16: (a: number) => bytes.getUint16(a, true),
      32: (a: number) => bytes.getInt32(a, true),
      64: (a: number) => bytes.getBigInt64(a, true),
    }[width];
    const set = {
      8: (a: number, value: number) => bytes.setUint8(a, value),
      16: (a: number, value: number) => bytes.setUint16(a, value, true),
      32: (a: number, value: number) => bytes.setInt32(a, value, true),
      // The only width whose value is no number.
      64: (a: number, value: number) => bytes.setBigInt64(a, BigInt(value), true),
    }[width];
    const nothing = width === 64 ? 0n : 0;
    known[`ld${width}`] = (base = 0, offset = 0) => (suspends() ? nothing : get(base + offset));
    known[`st${width}`] = (base = 0, value = 0, offset = 0) => (suspends() ? undefined : set(base + offset, value));
    known[`set${width}`] = (value = 0, address = 0) => (suspends() ? undefined : set(address, value));
    known[`qld${width}`] = (base = 0, offset = 0) => get(base + offset);
    known[`qst${width}`] = (base = 0, value = 0, offset = 0) => set(base + offset, value);
    known[`qset${width}`] = (value = 0, address = 0) => set(address, value);
  }
  known['wide'] = (value = 0) => value;
  for (const hook of ['fuel', 'deep']) known[hook] = (site = 0) => void sites.push({ hook, site });

  const module = new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
  const heddle: Record<string, WebAssembly.ImportValue> = {
    memory,
    table,
    arguments_length: new WebAssembly.Global({ value: 'i32', mutable: true }, 0),
  };
  for (const { name, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== 'function') continue;
    heddle[name] = (...values: number[]) => {
      calls[name] = (calls[name] ?? 0) + 1;
      return known[name]?.(...values) ?? 0;
    };
  }
  words[ADDRESS.fuel / 4] = 1 << 20;
  const { exports } = new WebAssembly.Instance(module, { heddle });
  (exports['_start'] as () => void)();
  (exports['register'] as () => void)();

  const run = (name: string, suspendEvery: number): number => {
    const index = Number(Object.entries(manifest.functions).find(([, n]) => n === name)?.[0]);
    const entry = table.get(index) as () => void;
    every = suspendEvery;
    accesses = 0;
    let suspensions = 0;
    for (entry(); words[state] === 1; suspensions++) {
      words[state] = 2;
      entry();
    }
    return suspensions;
  };
  return { words, calls, sites, run };
}
