// The memory that executor, model and host share: where everything lies. docs/abi.md is the prose; src/executor/layout.ts repeats these
// numbers and a test compares them.

/** Written by the host, and counters that outlive an execution. */
export const CONTROL: usize = 0x8000;
/** 64 Ki features, one byte each: 1 = seen. The first SITES of them are the sites themselves. */
export const COVERAGE: usize = 0x10000;
export const COVERAGE_SIZE: usize = 0x10000;
/** 8 Mi bits: hashes of final states that were seen. */
export const STATE_SET: usize = 0x20000;
export const STATE_SET_SIZE: usize = 0x100000;

/** The schedule to run. */
export const INPUT: usize = 0x120000;
/** The schedule that mutation starts from: same shape. */
export const BASE: usize = 0x140000;
/** Within INPUT and BASE: events of 32 bytes; deviations and choices of 8. */
export const EVENTS: usize = 0;
export const DEVIATIONS: usize = 0x1000;
export const CHOICES: usize = 0x9000;
/** Within INPUT: one byte a decision, for enumeration. Within BASE: steps of each task in the parent's run (i32). */
export const PATH: usize = 0x12000;
export const PATH_SIZE: i32 = 0x8000;
export const BASE_STEPS: usize = 0x12000;
export const EVENTS_MAX: i32 = 100;
export const DEVIATIONS_MAX: i32 = 4096;
export const CHOICES_MAX: i32 = 4096;

/** What the execution really did. */
export const RECORD_DEVIATIONS: usize = 0x160000;
export const RECORD_CHOICES: usize = 0x170000;
export const RECORD_MAX: i32 = 8192;

/** Declarations of the model, 32 bytes each. */
export const REGISTRY: usize = 0x180000;
export const REGISTRY_MAX: i32 = 2048;

/** Findings of one execution, 64 bytes each. */
export const FINDINGS: usize = 0x190000;
export const FINDINGS_MAX: i32 = 16;
/** Named counters: (name, value), 8 bytes each. */
export const COUNTERS: usize = 0x191000;
export const COUNTERS_MAX: i32 = 128;
/** Enumeration: what could have been chosen at each decision, 32 bytes each. */
export const LOG: usize = 0x192000;
export const LOG_MAX: i32 = 2048;
/** One bit for each (kind, site), and (hashed) for each culprit, that the host knows already: such a finding does not stop a batch. */
export const KNOWN: usize = 0x1b0000;

/** 32 bytes a step. */
export const TRACE: usize = 0x1c0000;
export const TRACE_MAX: i32 = 24576;

/** One byte for 8 bytes of model memory. */
export const SHADOW: usize = 0x280000;
/** What each execution starts from. */
export const SNAPSHOT: usize = 0x2d0000;
export const SHADOW_SNAPSHOT: usize = 0x310000;
/** Per task: epoch << 16 | index of its next deviation. */
export const CURSORS: usize = 0x318000;
/** Of the model's events, one byte each: 1 = in a schedule (the host says so), 2 = ran to its end. Outlives executions, as do the next two. */
export const EVENTS_SEEN: usize = 0x319000;
/** Pairs of sites: a lock was taken at the second while the one of the first was the last taken. (first << 16 | second), 4 bytes each. */
export const LOCK_PAIRS: usize = 0x31a000;
export const LOCK_PAIRS_SIZE: i32 = 2048;
/** One byte for each place that the build marked: 1 = passed. The model stores here itself. */
export const MARKS: usize = 0x320000;
/** Per cell (hashed): the last write, epoch 11 | task 7 | site 14 bits. */
export const LAST_WRITE: usize = 0x340000;
export const LAST_WRITE_MASK: usize = 2047;

/** The costly oracles' (oracles/memory.ts); the flags of sites in it are the host's, one byte each. */
export const ORACLE: usize = 0x342000;
export const ORACLE_SITES: usize = 0x343000;

/** State of one execution: words, then one record a task. */
export const HEAD: usize = 0x3f0000;
export const TASKS: usize = 0x3f1000;
export const TASK_SIZE: usize = 256;
export const TASKS_MAX: i32 = 128;

/** Static data, cells of module variables, objects made while the model boots. */
export const MODEL: usize = 0x400000;
export const MODEL_SIZE: usize = 0x40000;
/** One arena a task, so that addresses depend on the task and on nothing else. */
export const ARENAS: usize = MODEL + MODEL_SIZE;
export const ARENA_SIZE: usize = 0x4000;
export const REGION: usize = MODEL_SIZE + ARENA_SIZE * <usize>TASKS_MAX;

/** Asyncify's buffers. The odd stride keeps them out of each other's cache sets; one more for invariants; then a guard. */
export const STACKS: usize = 0x640000;
export const STACK_SIZE: usize = 0x8000;
export const STACK_STRIDE: usize = 0x10000 + 0x140;
/** One saved execution. */
export const SAVE: usize = 0xf50000;
export const SAVE_SIZE: usize = 0xb0000;
export const PAGES: i32 = 256;

/** Object header: 16 bytes before the pointer. */
export const HEADER_SIZE: usize = 16;
export const ALLOC_SITE: usize = 16; // pointer − 16
export const FREE_SITE: usize = 12;
export const CLASS_ID: usize = 8;
export const OBJECT_SIZE: usize = 4;

/** Shadow states of 8 bytes. OWN: no other task can reach the object yet. */
export const LIVE: i32 = 1;
export const OWN: i32 = 2;
export const FREED: i32 = 3;
export const HEADER: i32 = 4;

/** Sites and, for coverage, site features. */
export const SITES_MAX: i32 = 16384;

/** A task is taken to spin when it passed this many points without changing the state. */
export const SPIN_POINTS: i32 = 1024;
export const DEPTH_MAX: i32 = 200;
/** Tasks that may lie on top of each other on the native stack; above it, the lower one is unwound first. */
export const NESTED_MAX: i32 = 24;
/** What one level of "interrupts are off" adds to a task's depth of sections in which it may not sleep. */
export const IRQS_OFF: i32 = 0x10000;
/** Locks a task can hold at once. */
export const HELD_MAX: i32 = 16;
