/* What a scene in Promela has in common with the executor: one access is one step, and the code between it and the next access belongs to it.
 * A finding that ends an execution in Heddle ends it here too: `stopped` keeps every task where it is. No task dies: that would cost SPIN a
 * state for each. Locals that are dead are 0. SAME_STEPS adds the steps that a modeller would leave out and Heddle has: the start of a task, the step in which a task
 * finds a lock taken, loads of constants. SEEK=1 … 4 makes one kind of finding an error. */
#ifndef SEEK
#define SEEK 0
#endif
#define ERROR(kind) assert(SEEK != kind)
#define NULL_DEREFERENCE 1
#define USE_AFTER_FREE 2
#define DOUBLE_FREE 3
#define ASSERTION 4

#ifdef STOPS
bit stopped = 0;
#define STEP !stopped ->
#define STOP(kind) ERROR(kind); stopped = 1; goto over
#else
#define STEP
#define STOP(kind) ERROR(kind); goto over
#endif

#define FREED 2
/* A read after free is survived, with the stale value; everything else stops. */
#define READS(p) if :: p == 0 -> STOP(NULL_DEREFERENCE) :: else -> if :: st[p] == FREED -> ERROR(USE_AFTER_FREE) :: else fi fi
#define WRITES(p) if :: p == 0 -> STOP(NULL_DEREFERENCE) :: else -> if :: st[p] == FREED -> STOP(USE_AFTER_FREE) :: else fi fi
#define FREE(p) if :: st[p] == FREED -> STOP(DOUBLE_FREE) :: else -> st[p] = FREED fi
/* A task's own arena: four objects. */
#define NEW(p) p = 1 + 4 * _pid + made; made++; st[p] = 1

#ifdef SAME_STEPS
#define START atomic { STEP skip };
#define CONSTANT atomic { STEP skip };
#define LOCK(l, label) \
  atomic { STEP if :: l == 0 -> l = 1; goto label##_in :: else -> goto label##_wait fi }; \
  label##_wait: atomic { STEP l == 0 -> l = 1 }; \
  label##_in:
#else
#define START
#define CONSTANT
#define LOCK(l, label) atomic { STEP l == 0 -> l = 1 };
#endif
#define END over: end_task: false
