/** Why a search could not go on. */
import type { SearchEvent } from '../executor/search.js';

export const CUTS: Partial<Readonly<Record<SearchEvent, string>>> = {
  'visited-full': 'the visited set is full',
  'path-full': 'the space for the path is full',
  cut: 'a transition made more choices, or one of more than 256 values, or a run had more findings, than the search keeps',
  'oracles-full': 'a table of the costly oracles is full (docs/findings.md says what they hold)',
};

/** It was told to end, by whom or what it does not know. */
export const TOLD_TO_END = 'it was interrupted';
