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
  const load = (base: number, offset: number): number => (suspends() ? 0 : bytes.getInt32(base + offset, true));
  const store = (base: number, value: number, offset: number): void => {
    if (!suspends()) bytes.setInt32(base + offset, value, true);
  };
  const known: Record<string, (...values: number[]) => unknown> = {
    ld32: (base = 0, offset = 0) => load(base, offset),
    ld8: (base = 0, offset = 0) => (suspends() ? 0 : bytes.getUint8(base + offset)),
    qld32: (base = 0, offset = 0) => bytes.getInt32(base + offset, true),
    fn: (base = 0, offset = 0) => bytes.getInt32(base + offset, true),
    st32: (base = 0, value = 0, offset = 0) => store(base, value, offset),
    qst32: (base = 0, value = 0, offset = 0) => bytes.setInt32(base + offset, value, true),
    st8: (base = 0, value = 0, offset = 0) => (suspends() ? undefined : bytes.setUint8(base + offset, value)),
    set32: (value = 0, address = 0) => store(address, value, 0),
    new: (size = 0, id = 0) => {
      const pointer = heap + 16;
      heap = (pointer + size + 15) & ~15;
      bytes.setInt32(pointer - 8, id, true);
      bytes.setInt32(pointer - 4, size, true);
      return pointer;
    },
  };
  for (const hook of ['at', 'fuel', 'deep']) known[hook] = (site = 0) => void sites.push({ hook, site });

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
