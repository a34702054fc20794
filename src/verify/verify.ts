/** Exhaustive verification of one scene, alone or together with other processes. */
import { SharedVerification } from './shared.js';
import type { VerifyOptions, VerifyProgress, VerifyResult } from './types.js';
import { Verification } from './verification.js';

export type { Verdict, VerifyOptions, VerifyProgress, VerifyResult } from './types.js';

export async function verify(
  options: VerifyOptions,
  progress: (p: VerifyProgress) => void,
  signal: AbortSignal,
): Promise<VerifyResult> {
  const { board } = options;
  const verification = board ? new SharedVerification(options, signal, board) : new Verification(options, signal);
  try {
    return await verification.run(progress);
  } finally {
    await verification.close();
  }
}
