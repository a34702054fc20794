/* The scenes `toy…` of bench/models/exhaust.ts: each increment is a load and a store. */
#include "heddle.h"

#ifndef TASKS
#define TASKS 3
#endif

byte value;

active [TASKS] proctype bump() {
  byte v, i;
  START
again:
  atomic { STEP v = value };
  atomic { STEP value = v + 1; v = 0; i++; if :: i < 4 -> goto again :: else fi };
  END
}
