/* The scenes `locks` and, with ABBA, `abba` of bench/models/exhaust.ts. */
#include "heddle.h"

byte dDriver, ready;
bit probeLock, deviceLock;

proctype inOrder() {
  byte v, i;
  START
again:
  LOCK(probeLock, outer)
  LOCK(deviceLock, inner)
  atomic { STEP v = dDriver };
  atomic { STEP dDriver = v + 1; v = 0 };
  atomic { STEP deviceLock = 0 };
  atomic { STEP v = ready };
  atomic { STEP ready = v + 1; v = 0 };
  atomic { STEP probeLock = 0; i++; if :: i < 3 -> goto again :: else fi };
  END
}

proctype backwards() {
  byte v;
  START
  LOCK(deviceLock, outer)
  LOCK(probeLock, inner)
  atomic { STEP v = dDriver };
  atomic { STEP dDriver = v + 1; v = 0 };
  atomic { STEP probeLock = 0 };
  atomic { STEP deviceLock = 0 };
  END
}

#ifdef ABBA
init { atomic { run inOrder(); run inOrder(); run backwards() }; end_init: false }
#else
init { atomic { run inOrder(); run inOrder(); run inOrder(); run inOrder() }; end_init: false }
#endif
