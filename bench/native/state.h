// Memory, words and records of one execution: assembly/executor/{layout,state}.ts. The addresses are the same numbers; what they point to
// is an array here. model.h is made by bench/lib/header.mjs from the built model: sites, functions, layout, what a boot leaves.
#include "model.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef int32_t i32;
typedef uint64_t u64;
typedef int64_t i64;
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define INLINE static inline __attribute__((always_inline))
#define NOINLINE static __attribute__((noinline))
#define COLD static __attribute__((noinline, cold))

enum { LIVE = 1, OWN, FREED, HEADER };
enum { ALLOC_SITE = 16, FREE_SITE = 12, CLASS_ID = 8, OBJECT_SIZE = 4 };
enum { NONE = -1, OVER = -2 };
enum { STARTED = 1, DONE = 4, IN_BLOCK = 8, EXITED = 0xffff };
enum { POINT, YIELD, BLOCK, EXIT, START };
enum { NEVER = 0x7fffffff, SPIN_POINTS = 1024, RECORD_MAX = 8192, FINDINGS_MAX = 16, EVENTS_MAX = 64, DEVIATIONS_MAX = 4096 };
enum { LAST_WRITE_MASK = 2047, STATE_BITS = 1 << 23, JUDGED_MASK = 0xffff, STACK_BYTES = 32768 };
enum { REPLAY, RANDOM_WALK };

/** Model memory, one shadow byte for 8 of its bytes, and what each execution starts from. */
static u8 memory[REGION] __attribute__((aligned(4096)));
static u8 shadow[REGION / 8] __attribute__((aligned(4096)));
static u8 snapshot[MODEL_SIZE], shadow_snapshot[MODEL_SIZE / 8];
static u8 coverage[COVERAGE_SIZE], state_set[STATE_BITS / 8], known[1 << 16];
static u32 last_write[LAST_WRITE_MASK + 1];
static u64 judged[JUDGED_MASK + 1];
static i32 cursors[TASKS_MAX];

INLINE u8 *at(u32 a) { return memory + (a - MODEL); }
INLINE u32 load32(u32 a) {
  u32 v;
  memcpy(&v, at(a), 4);
  return v;
}
INLINE void store32(u32 a, u32 v) { memcpy(at(a), &v, 4); }

/** Words of one execution. */
static struct {
  i32 fuel, depth;
  i32 gap, granted, base, next_step, in_step, current;
  u64 hash, spin_hash, ready_low, ready_high, exist_low, exist_high;
  i32 alive, events, total, tickets, lock_waiters, waiters;
  u32 last_site;
  i32 findings, fatal, recorded, switches, boot_freed, new_features, objects_live;
} head __attribute__((aligned(64)));

/** Configuration, and what outlives an execution. */
static struct {
  i32 strategy, step_limit, fuel_limit, parameter, events, deviations;
  u64 random, executions, points, switches, known_findings;
  i32 features, states;
  u32 epoch, boot_break, restore_from;
  u64 boot_hash;
  i32 interest;
} control __attribute__((aligned(64)));

typedef struct {
  i32 entry, arity, arg[3];
  u32 brk;
  i32 steps;
  u32 site;
  i32 flags;
  u32 waits_on, wait_site;
  i32 ticket, parent, nth, spawned, choices, atomic, held, origin;
  void *sp;
  struct {
    u32 object, site;
  } locks[HELD_MAX];
} Task;
static Task tasks[TASKS_MAX] __attribute__((aligned(64)));

static struct {
  i32 entry, arity, arg[3], origin;
} input_events[EVENTS_MAX];
typedef struct {
  i32 step;
  u16 target, task;
} Deviation;
static Deviation input_deviations[DEVIATIONS_MAX], recorded[RECORD_MAX];
typedef struct {
  i32 kind;
  u32 site;
  i32 task;
  u32 address, object, class_id, size;
  i32 offset, alloc_site, alloc_task, free_site, free_task;
  u32 message;
  i32 fatal;
} Finding;
static Finding findings[FINDINGS_MAX];

// ---- sets of tasks ----
INLINE int is_ready(int t) { return t < 64 ? head.ready_low >> t & 1 : head.ready_high >> (t - 64) & 1; }
INLINE void set_ready(int t) {
  if (t < 64) head.ready_low |= 1ull << t;
  else head.ready_high |= 1ull << (t - 64);
}
INLINE void clear_ready(int t) {
  if (t < 64) head.ready_low &= ~(1ull << t);
  else head.ready_high &= ~(1ull << (t - 64));
}
INLINE int exists(int t) { return t < 64 ? head.exist_low >> t & 1 : head.exist_high >> (t - 64) & 1; }
INLINE int ready_count(void) { return __builtin_popcountll(head.ready_low) + __builtin_popcountll(head.ready_high); }
INLINE int lowest_ready(void) {
  return head.ready_low ? __builtin_ctzll(head.ready_low) : 64 + __builtin_ctzll(head.ready_high);
}
static int next_ready(int t) {
  u64 low = 0, high = 0;
  if (t < 63) {
    low = head.ready_low >> (t + 1) << (t + 1);
    high = head.ready_high;
  } else if (t < 127) high = head.ready_high >> (t - 63) << (t - 63);
  if (low) return __builtin_ctzll(low);
  return high ? 64 + __builtin_ctzll(high) : lowest_ready();
}
INLINE int nth_ready(int n) {
  u64 low = head.ready_low, high = head.ready_high;
  int count = __builtin_popcountll(low);
  if (n < count) {
    for (; n > 0; n--) low &= low - 1;
    return __builtin_ctzll(low);
  }
  for (n -= count; n > 0; n--) high &= high - 1;
  return 64 + __builtin_ctzll(high);
}
