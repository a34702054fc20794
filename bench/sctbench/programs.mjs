/**
 * The programs: their models in programs/, the scenes of both granularities, what the bug is, and under which name results were published.
 * `sizes`: one program at several sizes. What A and C are: programs/threads.ts.
 */
const ASSERTION = ['assertion'];
const NULL = ['null-dereference'];
const FREED = ['double-free', 'use-after-free'];

function program(name, model, kinds, scenes = { A: 'A', C: 'C' }) {
  return { name: name.split('/').at(-1), published: name, model: `bench/sctbench/programs/${model}.ts`, kinds, scenes };
}
const sized = (name, model, kinds, size) => program(name, model, kinds, { A: `${size}, A`, C: `${size}, C` });
const cve = (number, kinds) => program(`ConVul-CVE-Benchmarks/CVE-${number}`, `cve-${number}`, kinds);

export const PROGRAMS = [
  ...[3, 4, 5, 10, 20, 50, 100].map((n) => sized(`CS/reorder_${n}`, 'reorder', ASSERTION, n)),
  sized('CS/twostage', 'twostage', ASSERTION, 1),
  sized('CS/twostage_100', 'twostage', ASSERTION, 100),
  sized('CS/wronglock', 'wronglock', ASSERTION, 7),
  sized('CS/wronglock_3', 'wronglock', ASSERTION, 3),
  program('CS/bluetooth_driver', 'bluetooth_driver', ASSERTION),
  program('Chess/WorkStealQueue', 'work_steal_queue', ['invariant', 'assertion']),
  sized('Chess/InterlockedWorkStealQueue', 'work_steal_queue', ['invariant', 'assertion'], 'interlocked'),
  program('SafeStack', 'safestack', ASSERTION),
  program('CS/account', 'account', ASSERTION),
  program('CS/lazy01', 'lazy01', ASSERTION),
  program('CS/deadlock01', 'deadlock01', ['deadlock']),
  program('CS/carter01', 'carter01', ['deadlock']),
  program('CS/circular_buffer', 'circular_buffer', ASSERTION),
  program('CS/queue', 'queue', ASSERTION),
  program('CS/stack', 'stack', ASSERTION),
  cve('2009-3547', NULL),
  cve('2011-2183', NULL),
  cve('2015-7550', NULL),
  cve('2016-1973', [...NULL, ...FREED]),
  cve('2016-7911', NULL),
  cve('2016-9806', FREED),
  cve('2017-6346', FREED),
];
