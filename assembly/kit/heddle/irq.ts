// Interrupts. Each task has a processor of its own. A handler is a task that, when it starts, chooses (choose: by default 0) a processor
// without a task, or that of a task which runs or could run with its interrupts on; that task stands still until the handler is done. While
// a task's interrupts are off, no handler runs on its processor, but one may run elsewhere at the same time. A handler is not interrupted
// and may not sleep.
import {
  at,
  block,
  call_site,
  interrupt,
  interrupt_end,
  irq_off,
  irq_on,
  might_sleep,
  point,
  self,
  start,
  wake,
} from './abi/heddle';
import { handleInterrupt } from '../heddle-worker';
import { EVERYONE } from './kinds';

// One bit a slot: the task is a handler of an interrupt or a timer.
let handlersLow: u64 = 0;
let handlersHigh: u64 = 0;

/** Is the current task a handler of an interrupt or a timer? No scheduling point. */
export function inInterrupt(): bool {
  const slot = self();
  return ((slot < 64 ? handlersLow >> slot : handlersHigh >> (slot - 64)) & 1) != 0;
}

/** For the kit. */
export function enterInterrupt(): void {
  const slot = self();
  if (slot < 64) handlersLow |= (<u64>1) << slot;
  else handlersHigh |= (<u64>1) << (slot - 64);
}

/** For the kit. */
export function leaveInterrupt(): void {
  const slot = self();
  if (slot < 64) handlersLow &= ~((<u64>1) << slot);
  else handlersHigh &= ~((<u64>1) << (slot - 64));
}

/** Interrupts of the current task's processor go off; they nest. */
export function irqSave(): void {
  irq_off();
}

/** The reverse of irqSave(). */
export function irqRestore(): void {
  irq_on();
}

/** Runs `f` as a handler of an interrupt, in the current task: for an event that is one. */
export function irqHandler(f: () => void): void {
  const interrupted = interrupt(0);
  const call = call_site();
  enterInterrupt();
  f();
  at(call);
  leaveInterrupt();
  interrupt_end(interrupted);
}

/** The same with an argument. */
export function irqHandlerWith<T>(f: (argument: T) => void, argument: T): void {
  const interrupted = interrupt(0);
  const call = call_site();
  enterInterrupt();
  f(argument);
  at(call);
  leaveInterrupt();
  interrupt_end(interrupted);
}

/** An interrupt line with its handler. Its handler runs in one task at a time; raised meanwhile or while disabled, it runs once more. */
export class Irq {
  private pending: bool = false;
  private hasTask: bool = false;
  private running: bool = false;
  private disabled: i32 = 0;
  private interrupted: i32 = -1;

  constructor(private handler: (() => void) | null = null) {}

  /** Called for each interrupt. */
  run(): void {
    const handler = this.handler;
    if (handler) handler();
  }

  /** The device raises it; from now on the schedule may let the handler run at any time (a second point if its task is started). */
  raise(): void {
    point(changetype<usize>(this));
    this.pending = true;
    this.deliver();
  }

  /** No handler starts until enable(); they nest. Sleeps until the handler does not run. */
  disable(): void {
    this.disableNoSync();
    this.waitForHandler();
  }

  /** The same without waiting: the handler may still run. */
  disableNoSync(): void {
    point(changetype<usize>(this));
    this.disabled += 1;
  }

  /** The reverse of disable(). What was raised meanwhile is delivered. */
  enable(): void {
    point(changetype<usize>(this));
    this.disabled -= 1;
    this.deliver();
  }

  /** Sleeps until the handler does not run. */
  synchronize(): void {
    point(changetype<usize>(this));
    this.waitForHandler();
  }

  /** For its task: does the handler run now? */
  begin(): bool {
    const interrupted = interrupt(changetype<usize>(this));
    if (this.disabled != 0) {
      this.hasTask = false;
      interrupt_end(interrupted);
      return false;
    }
    this.pending = false;
    this.running = true;
    this.interrupted = interrupted;
    enterInterrupt();
    return true;
  }

  /** For its task: the handler is done; does it run once more? */
  end(): bool {
    const p = changetype<usize>(this);
    point(p);
    this.running = false;
    leaveInterrupt();
    interrupt_end(this.interrupted);
    wake(p, EVERYONE);
    this.hasTask = this.pending && this.disabled == 0;
    return this.hasTask;
  }

  private deliver(): void {
    if (!this.pending || this.hasTask || this.disabled != 0) return;
    this.hasTask = true;
    const run: (line: Irq) => void = handleInterrupt;
    start(changetype<usize>(run), changetype<usize>(this), 1);
  }

  private waitForHandler(): void {
    might_sleep();
    while (this.running) block(changetype<usize>(this));
  }
}
