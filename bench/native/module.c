// Runs a module of executor and model that wasm2c has turned into C (bench/lib/gcc-module.mjs). globals.h has a case for each of its globals.
// Commands come on standard input, one a line:
//   load <memory> <globals>   goes on where an executor stands; answers: loaded
//   run <executions>          answers: nanoseconds points
#define _GNU_SOURCE
#include "module.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static wasm_rt_memory_t memory;
static wasm_rt_funcref_table_t table;
wasm_rt_memory_t *Z_envZ_memory(struct Z_env_instance_t *env) { return &memory; }
wasm_rt_funcref_table_t *Z_envZ_table(struct Z_env_instance_t *env) { return &table; }
/** What only the search's functions call. */
u32 Z_visitedZ_add(struct Z_visited_instance_t *visited, u64 key) { return 0; }
static Z_module_instance_t instance;

static void set_global(int i, uint64_t value) {
  switch (i) {
#include "globals.h"
  }
}

static void load(const char *memory_file, const char *globals_file) {
  FILE *f = fopen(memory_file, "rb");
  if (!f || !fread(memory.data, 1, memory.size, f)) exit(1);
  fclose(f);
  f = fopen(globals_file, "r");
  int i;
  uint64_t value;
  while (f && fscanf(f, "%d %" SCNu64, &i, &value) == 2) set_global(i, value);
  fclose(f);
}

static uint64_t points(void) {
  uint64_t n;
  memcpy(&n, memory.data + POINTS, sizeof n);
  return n;
}

int main(void) {
  char command[16], first[256], second[256];
  wasm_rt_init();
  wasm_rt_allocate_memory(&memory, PAGES, 65536);
  // At a fixed place, as V8 keeps it in a register: the best that a compiler can do.
  memory.data = mmap((void *)BASE, memory.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (memory.data != (void *)BASE) return 1;
  wasm_rt_allocate_funcref_table(&table, 1024, 1024);
  Z_module_init_module();
  Z_module_instantiate(&instance, 0, 0);
  while (scanf("%15s %255s", command, first) == 2) {
    if (!strcmp(command, "load")) {
      if (scanf("%255s", second) != 1) return 1;
      load(first, second);
      puts("loaded");
    } else {
      uint64_t before = points();
      struct timespec a, b;
      clock_gettime(CLOCK_MONOTONIC, &a);
      for (int done = 0, n = atoi(first); done < n;) done += Z_moduleZ_runBatch(&instance, n - done);
      clock_gettime(CLOCK_MONOTONIC, &b);
      printf("%lld %" PRIu64 "\n", (b.tv_sec - a.tv_sec) * 1000000000ll + (b.tv_nsec - a.tv_nsec), points() - before);
    }
    fflush(stdout);
  }
  return 0;
}
