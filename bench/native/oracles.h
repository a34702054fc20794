// Findings and leaks: assembly/oracles/*.ts. The numbers are those of FINDING_KINDS.
enum {
  NULL_DEREFERENCE = 1, USE_AFTER_FREE, INVALID_ACCESS, DOUBLE_FREE, DEADLOCK, UNLOCK_BY_NON_OWNER, STACK_DEPTH = 10, STEP_LIMIT,
  OUT_OF_MEMORY, SELF_DEADLOCK, SLEEP_IN_ATOMIC = 15, NO_PROGRESS, LEAK, INVARIANT, INVALID_FREE,
};

INLINE u8 *shadow_at(u32 a) { return shadow + ((a - MODEL) >> 3); }
INLINE u32 body_size(u32 size) { return size ? (size + 7) & ~7u : 8; }

static u32 object_at(u32 a) {
  if (a - MODEL >= REGION) return 0;
  u32 p = a & ~7u;
  u8 s = *shadow_at(p);
  if (s != LIVE && s != OWN && s != FREED) return 0;
  while (s != HEADER) {
    if (p <= MODEL) return 0;
    p -= 8;
    s = *shadow_at(p);
    if (!s) return 0;
  }
  return p + 8;
}

COLD int report(int kind, u32 site, u32 address, u32 message, int survive) {
  int survives = kind == SLEEP_IN_ATOMIC || kind == LEAK || kind == UNLOCK_BY_NON_OWNER;
  int fatal = !survive && !survives;
  if (fatal) head.fatal = 1;
  for (int i = 0; i < head.findings; i++) if (findings[i].kind == kind && findings[i].site == site) return fatal;
  if (head.findings == FINDINGS_MAX) return fatal;
  u32 p = object_at(address), freed = p ? load32(p - FREE_SITE) : 0;
  findings[head.findings++] = (Finding){
    kind, site, head.current, address, p,
    p ? load32(p - CLASS_ID) : 0, p ? load32(p - OBJECT_SIZE) : 0, p ? (i32)(address - p) : 0, p ? (i32)load32(p - ALLOC_SITE) : 0,
    p ? (p < ARENAS ? -1 : (i32)((p - ARENAS) / ARENA_SIZE)) : -1, freed & 0xffffff, (i32)(freed >> 24) - 1, message, fatal,
  };
  return fatal;
}

#define MARK 0xffffffffu
static void mark_word(u32 v) {
  if (v - ARENAS >= MODEL + REGION - ARENAS) return;
  u32 p = object_at(v);
  if (!p || load32(p - FREE_SITE)) return;
  store32(p - FREE_SITE, MARK);
  u32 end = p + body_size(load32(p - OBJECT_SIZE));
  for (u32 a = p; a < end; a += 4) mark_word(load32(a));
}
static void check_leaks(void) {
  for (u32 a = MODEL; a < control.boot_break; a += 8) {
    u8 s = *shadow_at(a);
    if (s == FREED || s == HEADER) continue;
    mark_word(load32(a));
    mark_word(load32(a + 4));
  }
  int current = head.current;
  for (int t = 0; t < TASKS_MAX; t++) {
    if (!exists(t)) continue;
    for (u32 p = ARENAS + t * ARENA_SIZE + 16; p < tasks[t].brk; p += body_size(load32(p - OBJECT_SIZE)) + 16) {
      u32 state = load32(p - FREE_SITE);
      if (state == MARK) store32(p - FREE_SITE, 0);
      else if (!state) {
        head.current = t;
        report(LEAK, load32(p - ALLOC_SITE), p, 0, 0);
      }
    }
  }
  head.current = current;
}
