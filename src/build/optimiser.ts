/** Binaryen as this build uses it. */

export type Binaryen = typeof import('binaryen').default;
export type BinaryenModule = InstanceType<Binaryen['Module']>;

/** WebAssembly's features that modules may use: as Binaryen's library calls them, and as its programs do. */
export const FEATURES = {
  Atomics: 'threads',
  BulkMemory: 'bulk-memory',
  BulkMemoryOpt: 'bulk-memory-opt',
  MutableGlobals: 'mutable-globals',
  SignExt: 'sign-ext',
  NontrappingFPToInt: 'nontrapping-float-to-int',
} as const;

/** Binaryen's options are global, and asc leaves its own behind: without all of these the bytes depend on what was compiled before. */
export function setDefaults(binaryen: Binaryen): void {
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  binaryen.setDebugInfo(false);
  binaryen.setAlwaysInlineMaxSize(6);
  binaryen.setFlexibleInlineMaxSize(65);
  binaryen.setOneCallerInlineMaxSize(80);
  binaryen.setAllowInliningFunctionsWithLoops(false);
  binaryen.setFastMath(false);
  binaryen.setLowMemoryUnused(false);
  binaryen.setZeroFilledMemory(false);
  binaryen.setTrapsNeverHappen(false);
  binaryen.setClosedWorld(false);
  binaryen.setGenerateStackIR(false);
  binaryen.setOptimizeStackIR(false);
  binaryen.clearPassesToSkip();
  binaryen.clearPassArguments();
}

/** The module after `change`. */
export function transform(binaryen: Binaryen, bytes: Uint8Array, change: (module: BinaryenModule) => void): Uint8Array {
  const module = binaryen.readBinary(bytes);
  try {
    const names = Object.keys(FEATURES) as (keyof typeof FEATURES)[];
    module.setFeatures(names.reduce((bits: number, name) => bits | binaryen.Features[name], 0));
    change(module);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}
