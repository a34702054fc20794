// Why a measured cell differs from the thread's, and whether what was found besides can happen in the kernel of that design. Written by people,
// shown beside the figures; what has no note is shown as not explained.

/** By symptom and design: `S6 v6.15`. */
export const DIFFERENCES = {};

/** By the finding's title. */
export const BESIDES = {};
