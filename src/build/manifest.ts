/** What `heddle build` writes beside `model.wasm`: the names behind its numbers. */

/** Places in the model where something happens that the executor sees. Site 0 is unused. */
export interface Site {
  /** load, store, new, renew, copy, fill, trap, abort, function, class, loop, call, or the kit operation (`lock`, `wait`, …). */
  readonly operation: string;
  /** `Class.field` for accesses, the variable's name for module variables, the kit method's object class otherwise. */
  readonly field: string;
  /** The function as its author wrote it: `of_iommu_configure`, `Queue.push`. */
  readonly function: string;
  /** Among equal (function, operation, field), in code order, from 0. */
  readonly ordinal: number;
  /** Relative to the model's entry file's folder, or `~lib/heddle/…` for the kit. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** READ_ONCE, WRITE_ONCE, acquire or release. */
  readonly marked: boolean;
  /** Of the marks: acquire or release. */
  readonly order?: 'acquire' | 'release';
  /** Of calls of a kit object's methods: what the method is called on, as far as the code says: `mutex`, `local 0.lock`. */
  readonly object?: string;
}

/** A place that only says whether any execution passed it: byte n of the executor's marks is the n-th. */
export interface Mark {
  /** A function was entered; a condition was true, or false. */
  readonly kind: 'entry' | 'true' | 'false';
  /** Which condition of the model; none for an entry. */
  readonly condition?: number;
  readonly function: string;
  readonly file: string;
  /** Of the condition, for both its outcomes. */
  readonly line: number;
  readonly column: number;
}

/** A method that replaces one of a base class. */
export interface Override {
  /** `V6_7.lock_for_probe`, and `Design.lock_for_probe`. */
  readonly function: string;
  readonly base: string;
  /** Ids of the classes whose objects it is called for. */
  readonly classes: readonly number[];
}

export interface ClassInfo {
  readonly id: number;
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly offset: number; readonly size: number }[];
}

export interface Manifest {
  readonly format: 1;
  /** The entry file's base name, or its folder's name for `index.ts`. */
  readonly name: string;
  /** SHA-256 (hex) of everything the artefact depends on: sources, kit, compiler and pipeline versions, flags. */
  readonly hash: string;
  readonly flavour: 'fast' | 'exact';
  /** First free address after the model's static data and module-variable cells. */
  readonly staticEnd: number;
  /** Module-level variables that became memory cells. */
  readonly cells: readonly { readonly name: string; readonly address: number }[];
  readonly classes: readonly ClassInfo[];
  readonly sites: readonly (Site | null)[];
  readonly marks: readonly Mark[];
  readonly overrides: readonly Override[];
  /** Display name of each function in the table, by table index. */
  readonly functions: Readonly<Record<number, string>>;
  /** Every source file that was read, for caching: path as the compiler asked for it, absolute path, SHA-256. */
  readonly sources: readonly { readonly name: string; readonly path: string; readonly sha256: string }[];
}
