/** Executor and model as one module, made once for the file that asks. */
import { link } from '../../src/link/link.js';
import { executorBytes } from '../../src/executor/instance.js';

const made = new Map<Uint8Array, Promise<Uint8Array>>();

export function linkedBytes(model: Uint8Array): Promise<Uint8Array> {
  const bytes = made.get(model) ?? link(executorBytes(), model);
  made.set(model, bytes);
  return bytes;
}

export const linkedModule = async (model: Uint8Array): Promise<WebAssembly.Module> =>
  WebAssembly.compile(new Uint8Array(await linkedBytes(model)));
