import { HeddleError } from '../../src/errors.js';

/** The error that the work ends with; it must be one of those that Heddle throws on purpose. */
export function failure(work: () => unknown): HeddleError {
  try {
    work();
  } catch (error) {
    if (error instanceof HeddleError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
