/** A linked module compiled by gcc, by way of wasm2c: the same program as the one that V8 runs, by the compiler of the native one. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FEATURES, setDefaults, transform } from '../../dist/build/optimiser.js';
import { EXECUTION_PAGES } from '../../dist/executor/instance.js';
import { CONTROL, MEMORY } from '../../dist/executor/layout.js';

const DRIVER = fileURLToPath(new URL('../native/module.c', import.meta.url));
/** Where Debian's package wabt has wasm2c's runtime. */
const RUNTIMES = ['/usr/share/wabt/wasm2c', '/usr/src/wasm2c'];
/** Low addresses: they fit into an instruction. */
const BASE = 0x10000000;
/** Signals are not caught, and the depth of calls is not counted: V8 needs neither for its own checks of memory. */
const DEFINES = [
  'WASM_RT_SKIP_SIGNAL_RECOVERY=1',
  'WASM_RT_MEMCHECK_SIGNAL_HANDLER=1',
  'WASM_RT_USE_STACK_DEPTH_COUNT=0',
];

const runtime = () => RUNTIMES.find((folder) => existsSync(join(folder, 'wasm-rt-impl.c')));

/** Why there can be none here; empty if there can. */
export function gccModuleObstacle() {
  try {
    execFileSync('wasm2c', ['--version'], { stdio: 'ignore' });
    return runtime() ? '' : 'wasm2c’s runtime is missing';
  } catch {
    return 'wasm2c is missing: install it (Debian: apt-get install wabt)';
  }
}

/** The module with its mutable globals exported as g_0, g_1 …, and its memory not shared, which wasm2c does not know. */
async function prepared(linked) {
  const { default: binaryen } = await import('binaryen');
  setDefaults(binaryen);
  let text = '';
  const withGlobals = transform(binaryen, linked, (module) => {
    let n = 0;
    for (let i = 0; i < module.getNumGlobals(); i++) {
      const global = binaryen.getGlobalInfo(module.getGlobalByIndex(i));
      if (global.mutable && !global.module) module.addGlobalExport(global.name, `g_${n++}`);
    }
    text = module.emitText();
  });
  const unshared = text.replace(/^( \(import "env" "memory" .*) shared\)\)$/m, '$1))');
  const module = binaryen.parseText(unshared.replaceAll(/^ *\(@metadata\.code\.branch_hint .*\n/gm, ''));
  module.setFeatures(Object.keys(FEATURES).reduce((bits, name) => bits | binaryen.Features[name], 0));
  const bytes = module.emitBinary();
  module.dispose();
  return { withGlobals, bytes };
}

export class GccModule {
  /** @param linked what `link` made. @param flags of gcc. */
  static async build(linked, flags) {
    const folder = mkdtempSync(join(tmpdir(), 'heddle-gcc-module-'));
    const file = (name) => join(folder, name);
    const { withGlobals, bytes } = await prepared(linked);
    writeFileSync(file('module.wasm'), bytes);
    execFileSync('wasm2c', [file('module.wasm'), '-n', 'module', '-o', file('module.c')]);
    const c = readFileSync(file('module.c'), 'utf8')
      .replaceAll('mem->data[addr]', '((u8 *)BASE)[addr]')
      .replaceAll('wasm_asm("" ::"r"(result));', '');
    writeFileSync(file('module.c'), c);
    const exported = [...readFileSync(file('module.h'), 'utf8').matchAll(/(u32|u64)\* (Z_moduleZ_g_(\d+))\(/g)];
    const globals = exported.map(([, type, name, i]) => `case ${i}: *${name}(&instance) = (${type})value; break;`);
    writeFileSync(file('globals.h'), globals.join('\n'));
    const defines = [
      ...DEFINES,
      `BASE=${BASE}ull`,
      `PAGES=${EXECUTION_PAGES}`,
      `POINTS=${MEMORY.CONTROL + CONTROL.points}`,
    ];
    const sources = [DRIVER, file('module.c'), join(runtime(), 'wasm-rt-impl.c')];
    const options = [
      ...flags,
      '-w',
      '-fno-strict-aliasing',
      ...defines.map((d) => `-D${d}`),
      '-I',
      folder,
      '-I',
      runtime(),
    ];
    execFileSync('gcc', [...options, ...sources, '-lm', '-o', file('module')], { stdio: 'inherit' });
    return new GccModule(folder, withGlobals, spawn(file('module'), { stdio: ['pipe', 'pipe', 'inherit'] }));
  }

  constructor(folder, wasm, child) {
    this.folder = folder;
    /** The same module for V8: `load` reads its globals. */
    this.wasm = wasm;
    this.child = child;
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stdin.on('error', () => {}); // a dead program shows in the answer
  }

  async #ask(line) {
    this.child.stdin.write(`${line}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`the module by gcc ended (${this.child.exitCode ?? this.child.signalCode})`);
    return value;
  }

  /** Goes on where an executor stands that was relinked with `wasm`. */
  async load(executor) {
    const [memory, globals] = ['memory', 'globals'].map((name) => join(this.folder, name));
    writeFileSync(memory, executor.view.bytes);
    const values = Object.entries(executor.x).filter(([name]) => name.startsWith('g_'));
    writeFileSync(
      globals,
      values.map(([name, { value }]) => `${name.slice(2)} ${BigInt.asUintN(64, BigInt(value))}\n`).join(''),
    );
    await this.#ask(`load ${memory} ${globals}`);
  }

  /** Times n executions. */
  async time(n) {
    const [ns, points] = (await this.#ask(`run ${n}`)).split(' ').map(Number);
    return { ns: ns / n, points: points / n };
  }

  close() {
    this.child.stdin.end();
    this.child.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
