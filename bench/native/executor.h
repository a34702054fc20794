// The executor in C, for one model that is compiled with it: the yardstick of `npm run bench`. It does what assembly/ does, bit for bit:
// the same addresses, hashes, coverage, checks and decisions. What it leaves out makes it faster, not slower: traces, invariants,
// enumeration, PCT and mutation. Hooks are inlined into the model, and a switch swaps stacks.
#if !defined(__x86_64__)
#error "the context switch is written for x86-64"
#endif
// The order matters: each file uses those above it.
#include "state.h"
#include "hash.h"
#include "oracles.h"
#include "scheduler.h"
#include "access.h"
#include "run.h"
