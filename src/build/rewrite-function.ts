/** Rewrites the body of one function; see `instrument.ts`. */
import { siteKey } from '../schedule/site.js';
import { ACCESSES, ADDRESS, DEPTH_MAX, quiet } from './abi.js';
import type { Hook } from './abi.js';
import type { DefinedFunction, Mark as AccessMark } from './classify.js';
import type { Plan } from './instrument.js';
import type { Mark } from './manifest.js';
import {
  callName,
  className,
  classTestName,
  displayName,
  isClassTest,
  isConstructor,
  isElementAccess,
  isStart,
  operationName,
  ownerOf,
} from './names.js';
import type { Owner } from './names.js';
import { GUARD_LOCALS, NumberGuards } from './number-guards.js';
import { operandBefore } from './operand.js';
import { nameOf, typeOf } from './parse-module.js';
import type { Body } from './parse-module.js';
import { at, OP, TYPE } from './wasm-reader.js';
import type { Instruction } from './wasm-reader.js';
import { append, call, i32Const, loadWord, localTypes, setByte, storeWord, u32 } from './wasm-writer.js';

const ALLOCATORS: ReadonlyMap<string, Hook> = new Map([
  ['~lib/rt/stub/__new', 'new'],
  ['~lib/rt/stub/__renew', 'renew'],
]);
const VOID = 0x40;
/** The same as `readInstruction` reads it. */
const VOID_TYPE = -64;
/** What a left-out operation of such a name answers is true: taken, queued, in time. */
const SUCCEEDS = /^(try|queue|schedule)|Timeout/;

/** An `if` whose outcomes are marked. */
interface Condition {
  readonly at: Instruction;
  readonly number: number;
  hasElse: boolean;
}

/** The new body: locals and code, without its length. */
export function rewriteFunction(plan: Plan, f: DefinedFunction): number[] {
  return new FunctionRewriter(plan, f).run();
}

class FunctionRewriter {
  private readonly out: number[] = [];
  private readonly body: Body;
  private readonly owner: Owner;
  private readonly parameters: number;
  /** Index of the parameter that holds the caller's site, if there is one. */
  private readonly siteParameter: number | undefined;
  private readonly scratch: number;
  private usesScratch = false;
  private readonly guards: NumberGuards;
  private index = 0;
  /** Blocks around the instruction at `index`; the condition of those that are an `if` with marks. */
  private readonly blocks: (Condition | null)[] = [];
  private readonly isMarked: boolean;

  constructor(
    private readonly plan: Plan,
    private readonly f: DefinedFunction,
  ) {
    this.body = at(plan.module.bodies, f.index - plan.module.functionImports.length);
    this.owner = ownerOf(f.name);
    this.parameters = typeOf(plan.module, f.index).params.length;
    this.siteParameter = plan.takesSite.has(f.index) ? this.parameters : undefined;
    this.scratch = this.local(this.parameters + this.body.locals.length);
    this.guards = new NumberGuards(plan, this.scratch + 1);
    this.isMarked = this.owner === 'model' && !isStart(f.name) && !isClassTest(f.name);
  }

  run(): number[] {
    const verbatim = this.owner === 'runtime' || this.plan.kinds.get(this.f.index)?.kind === 'accessor';
    if (verbatim) this.copyRuntime();
    else if (this.plan.recursive.has(this.f.index)) this.rewriteCounted();
    else {
      this.mark('entry', at(this.f.code, 0));
      for (; this.index < this.f.code.length; this.index++) this.rewrite(at(this.f.code, this.index));
    }
    return [...this.locals(), ...this.out];
  }

  /** The allocator and accessors are dead after instrumentation; they only have to stay valid. */
  private copyRuntime(): void {
    for (const i of this.f.code) {
      if (i.op === OP.call) {
        const imported = i.a < this.plan.module.functionImports.length;
        const more = imported || this.plan.takesSite.has(i.a);
        this.out.push(...(more ? i32Const(0) : []), ...call(this.plan.newFunctionIndex(i.a)));
      } else this.rewriteIndices(i);
    }
  }

  /**
   * Depth is counted outside a block that holds the old body, so that each way out passes the decrement: `return` becomes a branch to
   * that block, and branches to the function's own label mean it already. Asyncify skips plain code while it unwinds and rewinds, so a
   * suspended activation stays counted and is counted once.
   */
  private rewriteCounted(): void {
    const results = typeOf(this.plan.module, this.f.index).results;
    this.changeWord(ADDRESS.depth, 1);
    this.out.push(...i32Const(DEPTH_MAX), OP.i32GtS, OP.if, VOID);
    this.out.push(...this.ownSite('enter', '', at(this.f.code, 0)), ...this.hook('deep'), OP.end);
    this.out.push(OP.block, results[0] ?? VOID);
    this.mark('entry', at(this.f.code, 0));
    let nesting = 0;
    for (; this.index < this.f.code.length; this.index++) {
      const i = at(this.f.code, this.index);
      if (i.op === OP.block || i.op === OP.loop || i.op === OP.if) nesting++;
      else if (i.op === OP.end) nesting--;
      if (i.op === OP.return) this.out.push(OP.br, ...u32(nesting));
      else this.rewrite(i);
    }
    this.changeWord(ADDRESS.depth, -1);
    this.out.push(OP.drop, OP.end);
  }

  /** Adds to a word of the executor and leaves the new value on the stack. */
  private changeWord(address: number, delta: number): void {
    this.usesScratch = true;
    this.out.push(
      ...i32Const(0),
      ...loadWord(address),
      ...i32Const(delta),
      OP.i32Add,
      OP.localTee,
      ...u32(this.scratch),
    );
    this.out.push(...storeWord(address), OP.localGet, ...u32(this.scratch));
  }

  private locals(): number[] {
    const more = this.guards.isUsed ? 1 + GUARD_LOCALS : this.usesScratch ? 1 : 0;
    return localTypes([...this.body.locals, ...Array.from({ length: more }, () => TYPE.i32)]);
  }

  /** Locals after the parameters move up by one if there is a site parameter. */
  private local(index: number): number {
    return this.siteParameter !== undefined && index >= this.parameters ? index + 1 : index;
  }

  private ownSite(operation: string, field: string, i: Instruction, mark?: AccessMark): number[] {
    const request = { operation, field, owner: this.f.name, offset: i.start, body: this.body, mark };
    return i32Const(this.plan.sites.add(request));
  }

  /** The kit's operations have no site of their own: the executor uses the one of the last `at`. */
  private site(operation: string, field: string, i: Instruction): number[] {
    return this.owner === 'kit' ? i32Const(0) : this.accessSite(operation, field, i);
  }

  private accessSite(operation: string, field: string, i: Instruction, mark?: AccessMark): number[] {
    if (this.siteParameter !== undefined && this.passesSite) return [OP.localGet, ...u32(this.siteParameter)];
    return this.ownSite(operation, field, i, mark);
  }

  /** Code whose accesses are no scheduling points: the kit's, and the library's but for arrays: that reads constants. */
  private get isQuiet(): boolean {
    return this.owner === 'kit' || (this.owner === 'library' && !this.f.name.startsWith('~lib/staticarray/'));
  }

  /** Code without sites of its own. A model's constructors have some: only the allocation is the caller's. */
  private get passesSite(): boolean {
    return this.owner === 'library' || isClassTest(this.f.name);
  }

  private hook(name: Hook): number[] {
    return call(this.plan.hookIndex(name));
  }

  private access(op: number, offset: number, field: string, i: Instruction): void {
    const kind = ACCESSES.get(op);
    if (!kind) throw new Error(`internal: opcode ${op} is no access`);
    if (isElementAccess(this.f.name)) this.checkIndex(kind.hook, i);
    if (kind.store) this.out.push(...kind.convert);
    const site = this.accessSite(kind.store ? 'store' : 'load', field, i, this.markOf(kind.store));
    this.out.push(...i32Const(offset), ...site, ...this.hook(this.isQuiet ? quiet(kind.hook) : kind.hook));
    if (!kind.store) this.out.push(...kind.convert);
    this.out.push(...this.guards.access(kind));
  }

  /** Of `this` and an index, the parameters of such a function: the compiler is told not to check. */
  private checkIndex(hook: Hook, i: Instruction): void {
    const shift = i32Const(Math.log2(Number(hook.slice(2)) / 8));
    this.out.push(OP.localGet, 0, OP.localGet, 1, ...shift, ...this.site('index', '', i), ...this.hook('idx'));
  }

  /** The mark whose argument the access at `index` is (READ_ONCE, ACQUIRE), or whose result its value is (WRITE_ONCE, RELEASE). */
  private markOf(store: boolean): AccessMark | undefined {
    const next = this.f.code[store ? this.index - 1 : this.index + 1];
    const kind = next?.op === OP.call ? this.plan.kinds.get(next.a) : undefined;
    return kind?.kind === 'mark' && kind.marks === (store ? 'store' : 'load') ? kind.mark : undefined;
  }

  private rewrite(i: Instruction): void {
    const { op, sub } = i;
    if (op === OP.call) this.rewriteCall(i);
    else if (op === OP.globalGet || op === OP.globalSet) this.rewriteGlobal(i);
    else if (ACCESSES.has(op)) this.rewriteAccess(i);
    else if (op === OP.loop) this.rewriteLoop(i);
    else if (op === OP.if || op === OP.block || op === OP.else || op === OP.end) this.rewriteBlock(i);
    else if (op === OP.unreachable) this.out.push(...this.site('trap', '', i), ...this.hook('trap'), op);
    else if (op === OP.misc && sub === 10) this.out.push(...this.site('copy', '', i), ...this.hook('copy'));
    else if (op === OP.misc && sub === 11) this.out.push(...this.site('fill', '', i), ...this.hook('fill'));
    else this.keep(i);
  }

  /** An instruction that stays; in exact builds with what tells of addresses. */
  private keep(i: Instruction): void {
    const { before, after } = this.guards.around(i);
    this.out.push(...before);
    this.rewriteIndices(i);
    this.out.push(...after);
  }

  /** An instruction that stays, with its indices in the new module. */
  private rewriteIndices(i: Instruction): void {
    const { op, a } = i;
    if (op >= OP.localGet && op <= OP.localTee) this.out.push(op, ...u32(this.local(a)));
    else if (op === OP.globalGet || op === OP.globalSet) this.out.push(op, ...u32(this.plan.newGlobalIndex(a)));
    else if (op === OP.refFunc) this.out.push(op, ...u32(this.plan.newFunctionIndex(a)));
    else append(this.out, this.plan.module.bytes.subarray(i.start, i.end));
  }

  private rewriteAccess(i: Instruction): void {
    const header = i.op === OP.i32Load;
    if (header && this.f.code[this.index + 1]?.op === OP.callIndirect) this.immutable('fn', 'function', i.b, i);
    else if (header && isClassTest(this.f.name)) this.immutable('cls', 'class', i.b, i);
    else this.access(i.op, i.b, '', i);
  }

  private immutable(hook: 'fn' | 'cls', operation: string, offset: number, i: Instruction): void {
    this.out.push(...i32Const(offset), ...this.site(operation, '', i), ...this.hook(hook));
  }

  /**
   * Both outcomes of a condition are marked, the one without code as well. Not those of constants, no arm that is a trap, and nothing in
   * constructors, where the compiler adds conditions of its own.
   */
  private rewriteBlock(i: Instruction): void {
    const { code } = this.f;
    const isTrap = code[this.index + 1]?.op === OP.unreachable;
    if (i.op === OP.end) {
      const condition = this.blocks.pop();
      if (condition && !condition.hasElse && condition.at.a === VOID_TYPE) {
        this.out.push(OP.else);
        this.mark('false', condition.at, condition.number);
      }
    }
    this.rewriteIndices(i);
    if (i.op === OP.block) this.blocks.push(null);
    else if (i.op === OP.if) {
      const isConstant = code[this.index - 1]?.op === OP.i32Const || isConstructor(this.f.name);
      const number = isConstant ? 0 : this.plan.marks.newCondition();
      this.blocks.push(isConstant ? null : { at: i, number, hasElse: false });
      if (!isConstant && !isTrap) this.mark('true', i, number);
    } else if (i.op === OP.else) {
      const condition = this.blocks.at(-1);
      if (!condition) return;
      condition.hasElse = true;
      if (!isTrap) this.mark('false', condition.at, condition.number);
    }
  }

  private mark(kind: Mark['kind'], { start }: Instruction, condition?: number): void {
    const n = this.isMarked ? this.plan.marks.add(kind, this.f.name, start, this.body, condition) : undefined;
    if (n !== undefined) this.out.push(...setByte(ADDRESS.marks + n));
  }

  private rewriteLoop(i: Instruction): void {
    this.rewriteIndices(i);
    this.blocks.push(null);
    if (!this.plan.fuel) return;
    this.changeWord(ADDRESS.fuel, -1);
    this.out.push(...i32Const(0), OP.i32LtS, OP.if, VOID, ...this.ownSite('loop', '', i), ...this.hook('fuel'), OP.end);
  }

  private rewriteGlobal(i: Instruction): void {
    const cell = this.plan.cells.get(i.a);
    if (!cell) {
      this.keep(i);
      return;
    }
    const { type } = cell.global;
    const wide = type === TYPE.i64 || type === TYPE.f64;
    const float = type === TYPE.f32 || type === TYPE.f64;
    const hook = (name: Hook): number[] => this.hook(this.isQuiet ? quiet(name) : name);
    if (i.op === OP.globalGet) {
      const site = this.accessSite('load', cell.name, i, this.markOf(false));
      this.out.push(...i32Const(cell.address), ...i32Const(0), ...site, ...hook(wide ? 'ld64' : 'ld32'));
      if (float) this.out.push(wide ? 0xbf : 0xbe);
    } else {
      if (float) this.out.push(wide ? 0xbd : 0xbc);
      const site = this.accessSite('store', cell.name, i, this.markOf(true));
      this.out.push(...i32Const(cell.address), ...site, ...hook(wide ? 'set64' : 'set32'));
    }
  }

  private rewriteCall(i: Instruction): void {
    const callee = i.a;
    const { plan } = this;
    const name = nameOf(plan.module, callee);
    const kind = plan.kinds.get(callee);
    if (this.owner === 'model' && ownerOf(name) === 'kit' && !isConstructor(name) && this.leavesOut(i, name)) return;
    const allocator = ALLOCATORS.get(name);
    if (callee < plan.module.functionImports.length) {
      this.out.push(...this.site(at(plan.module.functionImports, callee).name, '', i), ...call(callee));
      this.out.push(...this.guards.result(typeOf(plan.module, callee).results[0]));
    } else if (allocator) this.out.push(...this.allocationSite(allocator, i), ...this.hook(allocator));
    else if (kind?.kind === 'accessor' && ownerOf(name) === 'runtime') this.immutable('cls', 'class', kind.offset, i);
    else if (kind?.kind === 'accessor') this.access(kind.op, kind.offset, displayName(name), i);
    else if (kind?.kind === 'forward') {
      this.out.push(...kind.constants.flatMap(i32Const), ...this.kitSite(operationName(name), className(name), i));
      this.out.push(...call(kind.target));
      if (kind.drops) this.out.push(OP.drop);
      else this.out.push(...this.guards.result(typeOf(plan.module, kind.target).results[0]));
    } else if (kind?.kind !== 'mark') this.rewritePlainCall(i, name);
  }

  /** A call that the build was told to leave out (`without`). Its site is numbered all the same: equal numbers in all mutants. */
  private leavesOut(i: Instruction, name: string): boolean {
    const { without, sites, kinds, module } = this.plan;
    if (without.size === 0) return false;
    const forward = kinds.get(i.a)?.kind === 'forward';
    const operation = forward ? operationName(name) : 'call';
    const field = forward ? className(name) : callName(name);
    const ordinal = sites.nextOrdinal(this.f.name, operation, field);
    if (!without.delete(siteKey({ function: displayName(this.f.name), operation, field, ordinal }))) return false;
    this.kitSite(operation, field, i);
    const { params, results } = typeOf(module, i.a);
    for (const _ of params) this.out.push(OP.drop);
    for (const type of results) {
      if (type === TYPE.i32) this.out.push(...i32Const(SUCCEEDS.test(operationName(name)) ? 1 : 0));
      else if (type === TYPE.i64) this.out.push(OP.i64Const, 0);
      else throw new Error(`internal: ${name} answers a float`);
    }
    return true;
  }

  /** The site of a call of the kit, with what a method is called on. */
  private kitSite(operation: string, field: string, i: Instruction): number[] {
    if (this.owner !== 'model' || this.passesSite) return this.site(operation, field, i);
    const object =
      typeOf(this.plan.module, i.a).params.length === 1 ? operandBefore(this.plan, this.f, this.index) : '';
    const request = { operation, field, owner: this.f.name, offset: i.start, body: this.body, object };
    return i32Const(this.plan.sites.add(request));
  }

  private rewritePlainCall(i: Instruction, name: string): void {
    if (this.plan.takesSite.has(i.a)) this.out.push(...this.calleeSite(i, name));
    else if (ownerOf(name) === 'kit' && this.owner !== 'kit') {
      const creates = isConstructor(name) && !this.isSuperCall();
      const site = creates ? this.site('new', className(name), i) : this.kitSite('call', callName(name), i);
      this.out.push(...i32Const(0), ...site, ...storeWord(ADDRESS.callSite));
    }
    this.out.push(...call(this.plan.newFunctionIndex(i.a)));
  }

  /** `super(…)`: its result becomes `this`. */
  private isSuperCall(): boolean {
    const next = this.f.code[this.index + 1];
    return isConstructor(this.f.name) && next?.op === OP.localSet && next.a === 0;
  }

  /** The site for a callee that takes one. */
  private calleeSite(i: Instruction, name: string): number[] {
    if (this.siteParameter !== undefined && (this.passesSite || this.isSuperCall())) {
      return [OP.localGet, ...u32(this.siteParameter)];
    }
    if (isClassTest(name)) return this.site('class', classTestName(name), i);
    const type = className(name);
    const operation = operationName(name);
    if (isConstructor(name)) return this.site('new', type, i);
    if (/^__u?get$/.test(operation)) return this.libraryAccess('load', `${type}[]`, i);
    if (/^__u?set$/.test(operation)) return this.libraryAccess('store', `${type}[]`, i);
    if (operation.startsWith('__new')) return this.site('new', '', i);
    return this.site('call', callName(name), i);
  }

  private libraryAccess(operation: 'load' | 'store', field: string, i: Instruction): number[] {
    return this.owner === 'kit' ? i32Const(0) : this.ownSite(operation, field, i, this.markOf(operation === 'store'));
  }

  /** In a constructor the allocation belongs to the `new` that called it. */
  private allocationSite(operation: string, i: Instruction): number[] {
    if (this.siteParameter !== undefined) return [OP.localGet, ...u32(this.siteParameter)];
    const id = this.f.code[this.index - 1];
    return this.site(operation, (id?.op === OP.i32Const && this.plan.classNames.get(id.a)) || '', i);
  }
}
