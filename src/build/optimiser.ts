/** Binaryen as this build uses it. */

export type Binaryen = typeof import('binaryen').default;
export type BinaryenModule = InstanceType<Binaryen['Module']>;

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
  const f = binaryen.Features;
  const module = binaryen.readBinary(bytes);
  try {
    module.setFeatures(
      f.Atomics | f.MutableGlobals | f.BulkMemory | f.BulkMemoryOpt | f.SignExt | f.NontrappingFPToInt,
    );
    change(module);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}
