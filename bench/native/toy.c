// test/models/toy.ts.
#include "executor.h"

static void bump(void) {
  for (int i = 0;; i++) {
    fuel(S_bump_loop_0);
    if (i >= 4) break;
    st32(O_Counter_0, ld32(O_Counter_0, 0, S_bump_load_Counter_value_0) + 1, 0, S_bump_store_Counter_value_0);
  }
}

const Entry functions[] = {[T_bump] = (Entry)bump};
