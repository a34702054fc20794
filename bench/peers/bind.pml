/* The scene `bind` of bench/models/exhaust.ts; LOCKED: in the design locked. */
#ifndef LOCKED
#define STOPS
#endif
#include "heddle.h"

/* BINDS driver binds and a walk. */
#ifndef BINDS
#define BINDS 2
#endif
#define OBJECTS (4 * (BINDS + 2) + 1)
byte st[OBJECTS], f1[OBJECTS], f2[OBJECTS]; /* objects: DevIommu fwspec, priv; IommuFwspec ops, numIds */
byte dIommu, dGroup, dDriver, ready;
bit probeLock, deviceLock;

/* probeDevice with the lock held, up to the label `done`. */
#define PROBE_HELD(l, done) \
  l##1: atomic { STEP if :: dGroup != 0 -> goto done :: else fi }; \
  l##2: atomic { STEP p = dIommu; if :: p != 0 -> goto l##4 :: else -> NEW(p) fi }; \
  l##3: atomic { STEP dIommu = p }; \
  l##4: atomic { STEP READS(p); f = f1[p]; if :: f == 0 -> p = 0; goto l##f1 :: else fi }; \
  l##5: atomic { STEP READS(f); if :: f2[f] == 0 -> p = 0; f = 0; goto l##f1 :: else -> f = 0 fi }; \
  l##6: atomic { STEP WRITES(p); f2[p] = 77; p = 0; made++ }; \
  l##7: atomic { STEP dGroup = _pid + 1; goto done }; \
  l##f1: atomic { STEP p = dIommu }; \
  l##f2: atomic { STEP dIommu = 0 }; \
  l##f3: atomic { STEP READS(p); f = f1[p]; if :: f == 0 -> goto l##f5 :: else fi }; \
  l##f4: atomic { STEP FREE(f); f = 0 }; \
  l##f5: atomic { STEP FREE(p); p = 0 };

#ifdef LOCKED
#define CONFIGURED goto configured
#define DEFERRED goto deferred
#else
#define CONFIGURED i = 0; goto bound
#define DEFERRED i++; if :: i < 2 -> goto again :: else -> i = 0; goto bound fi
#endif

proctype driverBind() {
  byte p, f, n, i, made;
  START
again:
#ifdef LOCKED
  LOCK(probeLock, bind)
#endif
  atomic { STEP p = dIommu; if :: p == 0 -> goto c4 :: else fi };
  atomic { STEP READS(p); f = f1[p]; p = 0; if :: f == 0 -> goto c4 :: else fi };
  atomic { STEP READS(f); if :: f1[f] != 0 -> f = 0; CONFIGURED :: else -> f = 0 fi };
c4:
  atomic { STEP if :: ready == 0 -> DEFERRED :: else fi };
  atomic { STEP p = dIommu; if :: p != 0 -> goto g3 :: else -> NEW(p) fi };
  atomic { STEP dIommu = p };
g3:
  atomic { STEP READS(p); f = f1[p]; if :: f != 0 -> p = 0; f = 0; goto x1 :: else -> NEW(f); f1[f] = 1 fi };
  atomic { STEP WRITES(p); f1[p] = f; p = 0; f = 0 };
x1:
  atomic { STEP p = dIommu };
  atomic { STEP READS(p); f = f1[p]; p = 0 };
  CONSTANT
  atomic { STEP READS(f); n = f2[f] };
  atomic { STEP WRITES(f); f2[f] = n + 1; n = 0; f = 0 };
#ifdef LOCKED
  PROBE_HELD(probe, configured)
configured:
  atomic { STEP probeLock = 0; i = 0; goto bound };
deferred:
  atomic { STEP probeLock = 0; i++; if :: i < 2 -> goto again :: else -> i = 0 fi };
bound:
#else
  LOCK(probeLock, probe)
  PROBE_HELD(probe, probed)
probed:
  atomic { STEP probeLock = 0; i = 0; goto bound };
bound:
#endif
  LOCK(deviceLock, device)
  atomic { STEP dDriver = 1 };
  atomic { STEP deviceLock = 0 };
  END
}

proctype busWalk() {
  byte p, f, i, made;
  START
  atomic { STEP ready = 1 };
again:
  LOCK(probeLock, walk)
  PROBE_HELD(walk, walked)
walked:
  atomic { STEP probeLock = 0; i++; if :: i < 2 -> goto again :: else fi };
  END
}

init {
  atomic {
    run driverBind(); run busWalk(); run driverBind();
#if BINDS > 2
    run driverBind();
#endif
#if BINDS > 3
    run driverBind();
#endif
#if BINDS > 4
    run driverBind();
#endif
  };
  end_init: false
}
