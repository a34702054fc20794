// The model's options. Their numbers are the order in which index.ts declares them.
import { optionValue } from 'heddle';

export const enum Option {
  give_up = 0,
  kdump = 1,
  faults = 2,
  agreed_deferral = 3,
}

/** After the initcalls or a timeout, a missing instance is an ordinary error (2.2 step 4). */
export function give_up(): bool {
  return optionValue(Option.give_up) != 0;
}

/** In a kdump kernel devices keep their old translation until their driver maps (2.4 step 4 g). */
export function kdump(): bool {
  return optionValue(Option.kdump) != 0;
}

/** Errors are injected at allocations and callbacks. */
export function faults(): bool {
  return optionValue(Option.faults) != 0;
}

/** Design `decoupled`: a later instance that is missing defers, as agreed after the series was posted (4.1 step 2). */
export function agreed_deferral(): bool {
  return optionValue(Option.agreed_deferral) != 0;
}
