/**
 * The one error type that Heddle throws on purpose. Three families, never blurred: a user error (exit 2 or 5: bad input, with the
 * place and the remedy), a finding (a result, never an exception), and an internal error (exit 1: any other exception).
 */
export type ErrorCode =
  | 'HDL_USAGE'
  | 'HDL_CONFIG'
  | 'HDL_MODEL_COMPILE'
  | 'HDL_MODEL_SUBSET'
  | 'HDL_MODEL_DECLARATION'
  | 'HDL_MODEL_UNKNOWN'
  | 'HDL_SCHEDULE_SYNTAX'
  | 'HDL_SCHEDULE_BINARY'
  | 'HDL_SCHEDULE_MODEL'
  | 'HDL_CAMPAIGN_MODEL'
  | 'HDL_FORMAT_VERSION'
  | 'HDL_IO'
  | 'HDL_NOT_REPRODUCED';

/** What the process exits with; DESIGN section 7. */
export const EXIT = {
  ok: 0,
  internal: 1,
  usage: 2,
  finding: 3,
  notReproduced: 4,
  incompatible: 5,
  interrupted: 130,
  terminated: 143,
} as const;

const EXIT_OF: Partial<Record<ErrorCode, number>> = {
  HDL_SCHEDULE_MODEL: EXIT.incompatible,
  HDL_CAMPAIGN_MODEL: EXIT.incompatible,
  HDL_FORMAT_VERSION: EXIT.incompatible,
  HDL_NOT_REPRODUCED: EXIT.notReproduced,
  HDL_IO: EXIT.internal,
};

/** One diagnostic: where, what, and what to do about it. Rendered late, so that text and JSON show the same object. */
export interface Diagnostic {
  file?: string;
  line?: number;
  column?: number;
  message: string;
  hint?: string;
}

export class HeddleError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    code: ErrorCode,
    message: string,
    more: { hint?: string; diagnostics?: readonly Diagnostic[]; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'HeddleError';
    this.code = code;
    this.hint = more.hint;
    this.diagnostics = more.diagnostics ?? [];
  }

  /** The exit code of a command that ends with this error. */
  get exitCode(): number {
    return EXIT_OF[this.code] ?? EXIT.usage;
  }
}
