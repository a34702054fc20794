// What a model calls: assembly/executor/{access,allocation,locks,publish}.ts.
INLINE int shadow_of(u32 a) {
  u32 i = a - MODEL;
  return LIKELY(i < REGION) ? shadow[i >> 3] : 0;
}
static int bad_kind(u32 p, int s) { return p < 4096 ? NULL_DEREFERENCE : s == FREED ? USE_AFTER_FREE : INVALID_ACCESS; }

static void publish(u32 v);
INLINE void escape(u32 v) {
  if (v - ARENAS < MODEL + REGION - ARENAS) publish(v);
}
static void publish(u32 v) {
  if (v - MODEL >= REGION || *shadow_at(v) != OWN) return;
  u32 a = v & ~7u;
  while (*shadow_at(a) != HEADER) a -= 8;
  u32 start = a + 8, end = start + body_size(load32(start - OBJECT_SIZE));
  for (a = start; a < end; a += 8) *shadow_at(a) = LIVE;
  for (a = start; a < end; a += 4) escape(load32(a));
}

/** Slow path of a point: a decision is due or the access is bad. A read after free is survived, with the stale value. */
NOINLINE void enter(u32 p, u32 a, u32 site, int reads) {
  if (shadow_of(a) == LIVE) switch_out(POINT, site);
  int s = shadow_of(a);
  if (s == LIVE) return;
  int kind = bad_kind(p, s);
  if (reads && kind == USE_AFTER_FREE) report(kind, site, a, 0, 1);
  else stop(kind, site, a);
}

INLINE u32 ld32(u32 p, u32 off, u32 site) {
  u32 a = p + off;
  int s = shadow_of(a);
  if (s != OWN) {
    if (UNLIKELY(s != LIVE || --head.gap < 0)) enter(p, a, site, 1);
    cover_load(a, site);
  }
  return load32(a);
}
INLINE void st32(u32 p, u32 v, u32 off, u32 site) {
  u32 a = p + off;
  int s = shadow_of(a);
  if (s != OWN) {
    if (UNLIKELY(s != LIVE || --head.gap < 0)) enter(p, a, site, 0);
    cover_store(a, site);
    escape(v);
  }
  write(a, v);
}
/** Table index in a function object. */
INLINE u32 fn(u32 p, u32 off, u32 site) {
  int s = shadow_of(p);
  if (UNLIKELY(s != LIVE && s != OWN)) stop(bad_kind(p, s), site, p);
  return load32(p + off);
}
/** Head of a loop. */
INLINE void fuel(u32 site) {
  if (UNLIKELY(--head.fuel < 0)) stop(NO_PROGRESS, site, 0);
}
/** Entry and exit of a function that can recurse. */
INLINE void enter_function(u32 site) {
  if (UNLIKELY(++head.depth > DEPTH_MAX)) stop(STACK_DEPTH, site, 0);
}
INLINE void leave_function(void) { head.depth--; }

static u32 new_object(u32 size, u32 id, u32 site) {
  int me = head.current;
  u32 p = tasks[me].brk + 16, body = body_size(size);
  if (size > MODEL_SIZE || p + body > ARENAS + (u32)(me + 1) * ARENA_SIZE) stop(OUT_OF_MEMORY, site, 0);
  tasks[me].brk = p + body;
  head.objects_live++;
  memset(at(p - 16), 0, body + 16);
  store32(p - ALLOC_SITE, site);
  write(p - CLASS_ID, id);
  write(p - OBJECT_SIZE, size);
  u8 *sh = shadow_at(p);
  sh[-2] = sh[-1] = HEADER;
  memset(sh, OWN, body >> 3);
  return p;
}

static void release(u32 p, u32 site) {
  if (!p) return;
  if (shadow_of(p) == LIVE && --head.gap < 0) switch_out(POINT, site);
  int s = shadow_of(p);
  if (s == FREED) stop(DOUBLE_FREE, site, p);
  if (s == LIVE) cover_store(p, site);
  if ((s != LIVE && s != OWN) || p & 7 || *shadow_at(p - 8) != HEADER) stop(INVALID_FREE, site, p);
  u32 end = p + body_size(load32(p - OBJECT_SIZE));
  toggle(p - CLASS_ID);
  toggle(p - OBJECT_SIZE);
  for (u32 a = p; a < end; a += 4) toggle(a);
  for (u32 a = p; a < end; a += 8) *shadow_at(a) = FREED;
  store32(p - FREE_SITE, (u32)(head.current + 1) << 24 | site);
  if (p < ARENAS) head.boot_freed = 1;
  else head.objects_live--;
}

INLINE void reached(u32 p, u32 site) {
  int s = shadow_of(p);
  if (s == OWN) return;
  if (UNLIKELY(s != LIVE || --head.gap < 0)) enter(p, p, site, 0);
  cover_site(site);
}
static void set_waiters(u32 m, int ready) {
  if (!head.lock_waiters) return;
  for (int half = 0; half < 2; half++) {
    for (u64 set = half ? head.exist_high : head.exist_low; set; set &= set - 1) {
      int t = 64 * half + __builtin_ctzll(set);
      if (tasks[t].waits_on != m) continue;
      if (ready) set_ready(t);
      else clear_ready(t);
    }
  }
}
INLINE void take(u32 m, u32 site) {
  int me = head.current;
  Task *r = &tasks[me];
  write(m, me + 1);
  int n = r->held;
  if (n) pair(r->locks[(n < HELD_MAX ? n : HELD_MAX) - 1].object, m, 0x10c4);
  if (n < HELD_MAX) {
    r->locks[n].object = m;
    r->locks[n].site = site;
  }
  r->held = n + 1;
  set_waiters(m, 0);
}
static void lock(u32 m, u32 site) {
  reached(m, site);
  if (tasks[head.current].atomic > 0) report(SLEEP_IN_ATOMIC, site, 0, 0, 0);
  if (!load32(m)) return take(m, site);
  if (load32(m) == (u32)head.current + 1) stop(SELF_DEADLOCK, site, m);
  head.lock_waiters++;
  wait_on(m, site);
  tasks[head.current].waits_on = 0;
  head.lock_waiters--;
  int s = shadow_of(m);
  if (s != LIVE && s != OWN) stop(USE_AFTER_FREE, site, m);
  take(m, site);
}
static void unlock(u32 m, u32 site) {
  reached(m, site);
  if (load32(m) != (u32)head.current + 1) {
    report(UNLOCK_BY_NON_OWNER, site, m, 0, 0);
    return;
  }
  write(m, 0);
  Task *r = &tasks[head.current];
  int n = r->held < HELD_MAX ? r->held : HELD_MAX;
  for (int i = n - 1; i >= 0; i--) {
    if (r->locks[i].object != m) continue;
    for (int k = i; k < n - 1; k++) r->locks[k] = r->locks[k + 1];
    r->held--;
    break;
  }
  set_waiters(m, 1);
}
