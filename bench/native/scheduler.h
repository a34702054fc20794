// Decisions and switches: assembly/executor/scheduler.ts, assembly/strategies/{random-source,random-walk,replay}.ts. Where the executor
// unwinds and rewinds, this switches stacks: six registers and a jump.
static u8 stacks[STACKS_MAX][STACK_BYTES + 320] __attribute__((aligned(64)));
static void *main_sp;
typedef void (*Entry)(i32, i32, i32);
extern const Entry functions[];

/** Saves where this task stands in *from and goes on at `to`. */
__attribute__((naked, noinline)) static void context(__attribute__((unused)) void **from, __attribute__((unused)) void *to) {
  __asm__(
    "push %rbp\n push %rbx\n push %r12\n push %r13\n push %r14\n push %r15\n"
    "mov %rsp,(%rdi)\n mov %rsi,%rsp\n"
    "pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbx\n pop %rbp\n"
    "pop %rax\n jmp *%rax\n");
}

INLINE u32 random32(void) {
  u64 x = control.random;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  control.random = x;
  return x >> 32;
}
INLINE i32 below(i32 n) { return (u64)random32() * (u64)n >> 32; }

static i32 walk_bound = 1, walk_left;
static void prepare_strategy(void) {
  if (control.strategy == RANDOM_WALK) {
    walk_bound = control.parameter & 0xffff;
    walk_left = (u32)control.parameter >> 16 ? (i32)((u32)control.parameter >> 16) : NEVER;
    if (control.parameter) return;
    walk_bound = 1 << below(7);
    walk_left = random32() & 1 ? NEVER : 1 + below(8);
    return;
  }
  for (int i = 0, last = -1; i < control.deviations; i++) {
    int t = input_deviations[i].task;
    if (t != last) cursors[last = t] = control.epoch << 16 | i;
  }
}
static int seek(int t, int step) {
  i32 cursor = cursors[t];
  if ((u32)cursor >> 16 != control.epoch) return -1;
  int i = cursor & 0xffff, n = control.deviations;
  while (i < n && input_deviations[i].task == t && input_deviations[i].step < step) i++;
  cursors[t] = (cursor & ~0xffff) | i;
  return i < n && input_deviations[i].task == t ? i : -1;
}
INLINE int decide(int me, int reason, int step, int by_default) {
  if (control.strategy == RANDOM_WALK) {
    if (me < 0 || (reason == POINT && step != head.next_step) || head.next_step == NEVER) return by_default;
    walk_left--;
    return nth_ready(below(ready_count()));
  }
  if (me < 0) return by_default;
  int i = seek(me, step);
  if (i < 0 || input_deviations[i].step != step) return by_default;
  int target = input_deviations[i].target;
  return target < TASKS_MAX && is_ready(target) ? target : by_default;
}
INLINE int next_decision(int t, int base) {
  if (control.strategy == RANDOM_WALK) return walk_left > 0 ? base + below(walk_bound) : NEVER;
  int i = seek(t, base);
  return i < 0 ? NEVER : input_deviations[i].step;
}

INLINE void grant(int t) {
  i32 base = tasks[t].steps, until = next_decision(t, base);
  head.base = base;
  head.next_step = until;
  i32 here = base - head.in_step, rest = here & (SPIN_POINTS - 1);
  i32 spin = here > 0 && !rest ? base : base + SPIN_POINTS - rest, limit = base + control.step_limit - head.total;
  if (spin < until) until = spin;
  if (limit < until) until = limit;
  head.granted = head.gap = until - base;
}

/** The next task to run, or OVER. */
NOINLINE int pick(int me, int reason, u32 site) {
  i32 step = 0, by_default = NONE;
  if (me >= 0) {
    i32 passed = head.granted - head.gap;
    step = head.base + passed;
    if (reason >= BLOCK) passed++;
    else step--;
    head.total += passed;
    tasks[me].steps = head.base = step + 1;
    head.granted = head.gap = 0;
    if (reason == POINT) {
      by_default = me;
      i32 here = step - head.in_step;
      if (here > 0 && !(here & (SPIN_POINTS - 1))) {
        if (head.hash == head.spin_hash) by_default = next_ready(me);
        head.spin_hash = head.hash;
      }
    } else if (reason == YIELD) by_default = next_ready(me);
  }
  if (head.fatal) return OVER;
  if (!(head.ready_low | head.ready_high)) {
    if (head.alive) {
      u32 place = 0;
      for (int t = TASKS_MAX - 1; t >= 0; t--) if (exists(t) && !(tasks[t].flags & DONE)) place = tasks[t].wait_site;
      report(DEADLOCK, place, 0, 0, 0);
    }
    return OVER;
  }
  if (head.total >= control.step_limit) {
    report(STEP_LIMIT, site ? site : head.last_site, 0, 0, 0);
    return OVER;
  }
  if (by_default < 0) by_default = lowest_ready();
  int next = decide(me, reason, step, by_default);
  if (next != by_default && me >= 0 && head.recorded < RECORD_MAX) recorded[head.recorded++] = (Deviation){step, next, me};
  if (next != me) {
    if (me >= 0 && reason != EXIT) hash_site(me, site);
    head.in_step = tasks[next].steps;
    head.spin_hash = head.hash;
    head.switches++;
  } else if (reason == BLOCK) {
    head.in_step = step + 1;
    head.spin_hash = head.hash;
  }
  grant(next);
  return next;
}

static void begin_task(void);

/** Goes on with task t, or with the caller of run() if t < 0; the current place is kept in *from. */
INLINE void go(void **from, int t) {
  if (t < 0) return context(from, main_sp);
  Task *r = &tasks[t];
  head.current = t;
  if (!(r->flags & STARTED)) {
    r->flags |= STARTED;
    head.depth = 0;
    void **sp = (void **)(stacks[t] + STACK_BYTES - 16);
    *--sp = 0;
    *--sp = (void *)begin_task;
    r->sp = sp - 6; // the six registers may hold anything
  }
  context(from, r->sp);
}

/** Gives up the processor if the decision says so; returns when this task goes on. */
NOINLINE void switch_out(int reason, u32 site) {
  int me = head.current;
  i32 depth = head.depth;
  int t = pick(me, reason, site);
  if (t == me) return;
  go(&tasks[me].sp, t);
  head.current = me;
  head.depth = depth;
}

/** Ends the execution if the finding is fatal: the tasks' stacks are dropped. */
COLD void stop(int kind, u32 site, u32 address) {
  if (!report(kind, site, address, 0, 0)) return;
  void *dropped;
  context(&dropped, main_sp);
}

static void wake_waiters(u32 p, int n) {
  for (int woken = 0; head.waiters && (n < 0 || woken < n); woken++) {
    int best = NONE, ticket = 0x7fffffff;
    for (int half = 0; half < 2; half++) {
      u64 set = half ? head.exist_high & ~head.ready_high : head.exist_low & ~head.ready_low;
      for (; set; set &= set - 1) {
        int t = 64 * half + __builtin_ctzll(set);
        if (tasks[t].waits_on != p || tasks[t].ticket >= ticket || tasks[t].flags & DONE) continue;
        best = t;
        ticket = tasks[t].ticket;
      }
    }
    if (best < 0) break;
    tasks[best].waits_on = 0;
    set_ready(best);
  }
}

/** First on a task's stack. */
static void begin_task(void) {
  int t = head.current;
  Task *r = &tasks[t];
  functions[r->entry](r->arg[0], r->arg[1], r->arg[2]);
  r->flags |= DONE;
  clear_ready(t);
  head.alive--;
  hash_site(t, EXITED);
  if (head.waiters) wake_waiters(TASKS + t * TASK_SIZE, -1);
  void *dropped;
  go(&dropped, pick(t, EXIT, 0));
}

static void wait_on(u32 p, u32 site) {
  int me = head.current;
  Task *r = &tasks[me];
  r->flags |= IN_BLOCK;
  clear_ready(me);
  r->waits_on = p;
  r->wait_site = site;
  r->ticket = head.tickets++;
  head.waiters++;
  switch_out(BLOCK, site);
  r->flags &= ~IN_BLOCK;
  head.waiters--;
}
