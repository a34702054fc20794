/* The scenes `locks…` and, with BACKWARD, `abba…` of bench/models/exhaust.ts. */
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

/* FORWARD tasks in order, BACKWARD ones the other way. */
#ifndef FORWARD
#define FORWARD 4
#endif
#ifndef BACKWARD
#define BACKWARD 0
#endif
init {
  atomic {
    run inOrder(); run inOrder();
#if FORWARD > 2
    run inOrder();
#endif
#if FORWARD > 3
    run inOrder();
#endif
#if FORWARD > 4
    run inOrder();
#endif
#if FORWARD > 5
    run inOrder();
#endif
#if FORWARD > 6
    run inOrder();
#endif
#if FORWARD > 7
    run inOrder();
#endif
#if BACKWARD > 0
    run backwards();
#endif
#if BACKWARD > 1
    run backwards();
#endif
  };
  end_init: false
}
