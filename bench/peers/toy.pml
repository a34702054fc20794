/* test/models/toy.ts, scene three: each increment is a load and a store. */
#include "heddle.h"

byte value;

active [3] proctype bump() {
  byte v, i;
  START
again:
  atomic { STEP v = value };
  atomic { STEP value = v + 1; v = 0; i++; if :: i < 4 -> goto again :: else fi };
  END
}
