// One execution, and the program around it: assembly/executor/run.ts. Commands come on standard input, one a line:
//   run <executions> <strategy> <parameter> <seed>     answers: nanoseconds points switches
//   hashes <executions> <strategy> <parameter> <seed>  answers a line for each execution, then the totals
//   acknowledge                                        findings stop counting as new
static void create_task(int t, i32 entry, i32 arity, const i32 *arg, i32 parent, i32 nth, i32 origin) {
  Task *r = &tasks[t];
  r->entry = entry;
  r->arity = arity;
  for (int i = 0; i < 3; i++) r->arg[i] = arg[i];
  r->brk = ARENAS + t * ARENA_SIZE;
  r->steps = r->site = r->flags = 0;
  r->waits_on = r->wait_site = r->spawned = r->choices = r->atomic = r->held = 0;
  r->parent = parent;
  r->nth = nth;
  r->origin = origin;
  if (t < 64) head.exist_low |= 1ull << t;
  else head.exist_high |= 1ull << (t - 64);
  set_ready(t);
  head.alive++;
}

/** Restores only what the last execution touched. */
static void reset(void) {
  u32 from = control.restore_from;
  memcpy(at(from), snapshot + (from - MODEL), control.boot_break - from);
  if (head.boot_freed) {
    memcpy(shadow, shadow_snapshot, (control.boot_break - MODEL) >> 3);
    head.boot_freed = 0;
  }
  for (int half = 0; half < 2; half++) {
    for (u64 set = half ? head.exist_high : head.exist_low; set; set &= set - 1) {
      int t = 64 * half + __builtin_ctzll(set);
      u32 arena = ARENAS + t * ARENA_SIZE, used = tasks[t].brk - arena;
      if (used) memset(shadow_at(arena), 0, used >> 3);
    }
  }
  memset(&head, 0, sizeof head);
  head.hash = head.spin_hash = control.boot_hash;
  head.current = NONE;
  head.fuel = control.fuel_limit;
  next_epoch();
}

static int known_bit(const Finding *f) { return f->kind << 14 | f->site; }
static int unknown_finding(void) {
  for (int i = 0; i < head.findings; i++) {
    int bit = known_bit(&findings[i]);
    if (!(known[bit >> 3] >> (bit & 7) & 1)) return 1;
  }
  control.known_findings++;
  return 0;
}

/** Counts what the last task did since its last decision, when a finding ended it in between. */
static void settle(void) {
  i32 passed = head.granted - head.gap;
  if (passed <= 0 || head.current < 0) return;
  head.total += passed;
  tasks[head.current].steps = head.base + passed;
  head.granted = head.gap = 0;
}

static void run(void) {
  reset();
  prepare_strategy();
  head.events = control.events;
  for (int i = 0; i < control.events; i++) {
    create_task(i, input_events[i].entry, input_events[i].arity, input_events[i].arg, NONE, i, input_events[i].origin);
  }
  int t = pick(NONE, START, 0);
  if (t >= 0) go(&main_sp, t);
  settle();
  add_state(head.hash);
  if (!head.fatal && head.objects_live > 0 && !was_judged(head.hash)) check_leaks();
  control.executions++;
  control.points += head.total;
  control.switches += head.switches;
  control.interest = (head.new_features ? 1 : 0) | (head.findings && unknown_finding() ? 4 : 0);
}

/** What the host does with an execution that is of interest. */
static void acknowledge(void) {
  for (int i = 0; i < head.findings; i++) {
    int bit = known_bit(&findings[i]);
    known[bit >> 3] |= 1 << (bit & 7);
  }
}
NOINLINE int run_batch(int n) {
  for (int i = 1; i <= n; i++) {
    run();
    if (control.interest) return i;
  }
  return n;
}

static void boot(void) {
  memcpy(snapshot, BOOT_MEMORY, sizeof BOOT_MEMORY);
  memcpy(shadow_snapshot, BOOT_SHADOW, sizeof BOOT_SHADOW);
  memcpy(memory, snapshot, sizeof BOOT_MEMORY);
  memcpy(shadow, shadow_snapshot, sizeof BOOT_SHADOW);
  for (u32 i = 0; i < sizeof BOOT_FEATURES / sizeof *BOOT_FEATURES; i++) novel(BOOT_FEATURES[i]);
  for (size_t i = 0; i + 1 <= sizeof BOOT_WRITES / sizeof *BOOT_WRITES; i++) last_write[BOOT_WRITES[i][0]] = BOOT_WRITES[i][1];
  control.boot_break = MODEL + sizeof BOOT_MEMORY;
  control.restore_from = RESTORE_FROM;
  control.boot_hash = BOOT_HASH;
  control.step_limit = STEP_LIMIT_DEFAULT;
  control.fuel_limit = FUEL_LIMIT_DEFAULT;
  control.events = sizeof EVENTS / sizeof *EVENTS;
  for (int i = 0; i < control.events; i++) {
    input_events[i].entry = EVENTS[i][0];
    input_events[i].arity = EVENTS[i][1];
    for (int k = 0; k < 3; k++) input_events[i].arg[k] = EVENTS[i][2 + k];
    input_events[i].origin = EVENTS[i][5];
  }
}

static u64 digest(const u8 *p, size_t n) {
  u64 h = 0xcbf29ce484222325ull;
  for (size_t i = 0; i < n; i++) h = (h ^ p[i]) * 0x100000001b3ull;
  return h;
}

int main(void) {
  char command[16];
  int n, strategy, parameter;
  unsigned long long seed;
  boot();
  while (scanf("%15s %d %d %d %llu", command, &n, &strategy, &parameter, &seed) == 5) {
    control.strategy = strategy;
    control.parameter = parameter;
    control.random = seed;
    if (!strcmp(command, "hashes")) {
      for (int i = 0; i < n; i++) {
        run();
        printf("%016llx %d %d %d %d\n", (unsigned long long)head.hash, head.total, head.switches, head.recorded, head.findings);
      }
      printf("%d %d %016llx %016llx\n", control.features, control.states, (unsigned long long)control.random,
        (unsigned long long)digest(coverage, sizeof coverage));
    } else {
      u64 points = control.points, switches = control.switches;
      struct timespec a, b;
      clock_gettime(CLOCK_MONOTONIC, &a);
      for (int done = 0; done < n;) {
        done += run_batch(n - done);
        if (control.interest & 4) acknowledge();
      }
      clock_gettime(CLOCK_MONOTONIC, &b);
      printf("%lld %llu %llu\n", (b.tv_sec - a.tv_sec) * 1000000000ll + (b.tv_nsec - a.tv_nsec),
        (unsigned long long)(control.points - points), (unsigned long long)(control.switches - switches));
    }
    fflush(stdout);
  }
  return 0;
}
