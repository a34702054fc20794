// The executor's functions as docs/abi.md section 1.2 names them, without the site, which the build appends. The file is called
// heddle.ts because AssemblyScript takes a file's base name for the import's module name. Models import "heddle", not this.

export declare function lock(object: usize): void;
export declare function unlock(object: usize): void;
export declare function trylock(object: usize): bool;
export declare function spin_lock(object: usize): void;
export declare function spin_unlock(object: usize): void;
export declare function spin_trylock(object: usize): bool;
export declare function point(object: usize): void;
export declare function block(object: usize): void;
export declare function wake(object: usize, count: i32): i32;
export declare function acquired(object: usize, shared: i32): void;
export declare function released(object: usize): void;
export declare function holds(object: usize): bool;
export declare function atomic_enter(): void;
export declare function atomic_exit(): void;
export declare function might_sleep(): void;
export declare function report(kind: i32, object: usize): void;
export declare function release(object: usize): void;
export declare function start(run: usize, argument: usize, arity: i32): i32;
export declare function self(): i32;
export declare function join(slot: i32): void;
export declare function yield_now(): void;
export declare function choose(n: i32): i32;
export declare function fault(name: string): bool;
export declare function fail(message: string): void;
export declare function count(name: string, n: i32): void;
export declare function note(text: string, value: i32): void;
export declare function design(): i32;
export declare function scene(): i32;
export declare function option(index: i32): i32;
export declare function declare(kind: i32, text: string, a: i32, b: i32, c: i32, d: i32): void;
