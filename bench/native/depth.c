// bench/models/depth.ts.
#include "executor.h"

static int work(void) {
  for (int i = 0;; i++) {
    fuel(S_work_loop_0);
    if (i >= 32) break;
    st32(O_Counter_0, ld32(O_Counter_0, 0, S_work_load_Counter_value_0) + 1, 0, S_work_store_Counter_value_0);
  }
  return 1;
}

NOINLINE int dive(int depth) {
  enter_function(S_dive_enter_0);
  int r;
  if (depth <= 1) r = work();
  else {
    r = dive(depth - 1);
    __asm__ volatile("" : "+r"(r)); // a real call: no loop is made of it
    r += depth;
  }
  leave_function();
  return r;
}

static void task(int depth) { dive(depth); }

const Entry functions[] = {[T_task] = (Entry)task};
