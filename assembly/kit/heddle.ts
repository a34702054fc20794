// The kit: everything that a model imports from "heddle". What each part does and where its scheduling points are: docs/models.md.

export { ACQUIRE, fixed, READ_ONCE, RELEASE, WRITE_ONCE } from './heddle/access';
export { Atomic } from './heddle/atomic';
export { check, count, free, trace } from './heddle/check';
export { Completion } from './heddle/completion';
export {
  design,
  designIndex,
  designIs,
  event,
  EventBuilder,
  invariant,
  option,
  optionValue,
  scene,
  SceneBuilder,
  symptom,
  SymptomBuilder,
  When,
} from './heddle/declare';
export { choose, fault } from './heddle/fault';
export { Ghost } from './heddle/ghost';
export { List, ListNode } from './heddle/list';
export { Mutex } from './heddle/mutex';
export { Refcount } from './heddle/refcount';
export { RwSem } from './heddle/rwsem';
export { SpinLock } from './heddle/spinlock';
export { join, self, spawn, spawnWith, yieldNow, cpuRelax } from './heddle/task';
export { WaitQueue } from './heddle/wait-queue';
export { Work, WorkQueue, WorkWith } from './heddle/work-queue';
