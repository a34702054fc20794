/** The smallest kit that shows every kind of function that the build treats in its own way. As text: it is AssemblyScript. */
export const KIT_FILES: Readonly<Record<string, string>> = {
  'heddle.ts': `
export { check, choose, Completion, event, free, List, Mutex, READ_ONCE, WRITE_ONCE } from './heddle/parts';
`,
  'heddle/parts.ts': `
import * as abi from './abi/heddle';

export class Mutex {
  owner: i32 = 0;
  lock(): void {
    abi.lock(changetype<usize>(this));
  }
  unlock(): void {
    abi.unlock(changetype<usize>(this));
  }
}

export class Completion {
  done: i32 = 0;
  wait(): void {
    abi.point(changetype<usize>(this));
    while (this.done == 0) abi.block(changetype<usize>(this));
    this.done--;
  }
  completeAll(): void {
    abi.wake(changetype<usize>(this), -1);
  }
}

export class List<T> {
  head: T | null = null;
  count: i32 = 0;
  push(item: T): void {
    this.head = item;
    this.count++;
  }
}

export function READ_ONCE<T>(value: T): T {
  return value;
}
export function WRITE_ONCE<T>(value: T): T {
  return value;
}
export function free<T>(object: T): void {
  abi.release(changetype<usize>(object));
}
export function choose(n: i32): i32 {
  return abi.choose(n);
}
export function check(condition: bool): void {
  if (!condition) abi.point(0);
}
export function event(name: string, run: () => void): void {
  abi.declare(1, name, changetype<i32>(run), 0, 0, 0);
}
`,
  'heddle/abi/heddle.ts': `
export declare function lock(object: usize): void;
export declare function unlock(object: usize): void;
export declare function point(object: usize): void;
export declare function block(object: usize): void;
export declare function wake(object: usize, count: i32): i32;
export declare function release(object: usize): void;
export declare function choose(n: i32): i32;
export declare function declare(kind: i32, text: string, a: i32, b: i32, c: i32, d: i32): void;
`,
};
