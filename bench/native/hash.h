// State hash and coverage: assembly/hash/*.ts, assembly/coverage/map.ts.
INLINE u64 mix(u32 a, u32 v) {
  u64 x = ((u64)a << 32 | v) * 0x9e3779b97f4a7c15ull;
  x ^= x >> 29;
  x *= 0xbf58476d1ce4e5b9ull;
  return x ^ (x >> 32);
}
INLINE void write(u32 a, u32 v) {
  u32 old = load32(a);
  if (old == v) return;
  head.hash ^= mix(a, old) ^ mix(a, v);
  store32(a, v);
  if (UNLIKELY(a < control.restore_from)) control.restore_from = a & ~15u;
}
INLINE void toggle(u32 a) { head.hash ^= mix(a, load32(a)) ^ mix(a, 0); }
INLINE u64 mix_site(int t, u32 site) {
  u64 x = ((u64)(t + 1) << 32 | site) * (site * 0xd6e8feb86659fd93ull);
  return x ^ (x >> 31);
}
INLINE void hash_site(int t, u32 site) {
  Task *r = &tasks[t];
  head.hash ^= mix_site(t, r->site) ^ mix_site(t, site);
  r->site = site;
}
INLINE void add_state(u64 hash) {
  u32 bit = (u32)(hash >> 13) & (STATE_BITS - 1);
  u8 mask = 1 << (bit & 7);
  if (state_set[bit >> 3] & mask) return;
  state_set[bit >> 3] |= mask;
  control.states++;
}

INLINE int was_judged(u64 hash) {
  u64 *at = &judged[(u32)(hash >> 13) & JUDGED_MASK];
  if (*at == hash) return 1;
  *at = hash;
  return 0;
}

COLD void novel(u32 i) {
  coverage[i] = 1;
  control.features++;
  head.new_features++;
}
INLINE void pair(u32 x, u32 y, u32 z) {
  u32 h = (x * 0x9e3779b1u) ^ (y * 0x85ebca77u) ^ (z * 0xc2b2ae3du);
  h ^= h >> 15;
  u32 i = SITES_MAX + h % (COVERAGE_SIZE - SITES_MAX);
  if (UNLIKELY(!coverage[i])) novel(i);
}
INLINE void cover_site(u32 site) {
  head.last_site = site;
  if (UNLIKELY(!coverage[site])) novel(site);
}
INLINE u32 *slot_of(u32 a) { return &last_write[((a >> 2) + (a >> 14) * 61) & LAST_WRITE_MASK]; }
INLINE int by_other(u32 last) { return last >> 21 == control.epoch && (last >> 14 & 127) != (u32)head.current; }
INLINE void cover_load(u32 a, u32 site) {
  cover_site(site);
  u32 last = *slot_of(a);
  if (by_other(last)) pair(last & 0x3fff, site, a);
}
INLINE void cover_store(u32 a, u32 site) {
  cover_site(site);
  u32 *slot = slot_of(a), last = *slot;
  if (by_other(last)) pair((last & 0x3fff) | 0x8000, site, a);
  *slot = control.epoch << 21 | (u32)head.current << 14 | site;
}
static void next_epoch(void) {
  control.epoch = (control.epoch + 1) & 2047;
  if (control.epoch) return;
  memset(last_write, 0, sizeof last_write);
  control.epoch = 1;
}
