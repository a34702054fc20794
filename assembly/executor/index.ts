// Everything that the model imports and the host calls. docs/abi.md is the contract.
export {
  abort, cls, copy, deep, fill, fn, fuel, idx, ld16, ld32, ld64, ld8, qld16, qld32, qld64, qld8, qset32, qset64, qst16, qst32, qst64, qst8,
  set32, set64, st16, st32, st64, st8, trap,
} from './access';
export { new, release, renew } from './allocation';
export { annotate, choose, count, design, fail, fault, is_design, note, option, report, scene } from './choices';
export {
  acquired, atomic_enter, atomic_exit, holds, lock, might_sleep, released, spin_lock, spin_lock_irq, spin_trylock, spin_unlock,
  spin_unlock_irq, trylock, unlock,
} from './locks';
export { at, call_site } from './call-site';
export { interrupt, interrupt_end, irq_off, irq_on } from './interrupts';
export { declare } from './registry';
export { begin, boot, booted, finishExecution, prepareExecution, proceed, recomputeHash, run, runBatch, trapped } from './run';
export { restore, save } from './save';
export { arguments_length, stack_pointer } from './scheduler';
export {
  searchAdmitThreads, searchAdopt, searchBounded, searchDepth, searchDepthMax, searchPrepare, searchReplay, searchRun, searchScout, searchShare,
  searchStart, searchStates, searchTop, searchTransitions, searchTrapped, searchVoid,
} from '../search/depth-first';
export { num, wide } from '../search/addresses';
export { searchRepeats } from '../search/cycles';
export { searchRecord, searchRecorded } from '../search/edges';
export { searchKnowledge } from '../search/locations';
export { searchFor } from '../search/targets';
export { block, block_timed, join, point, self, start, wake, wake_task, yield_now } from './tasks';
export { examine } from '../oracles/invariants';
