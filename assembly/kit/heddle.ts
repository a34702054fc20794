// The kit: everything that a model imports from "heddle". What each part does and where its scheduling points are: docs/models.md.

export { ACQUIRE, fixed, READ_ONCE, RELEASE, WRITE_ONCE } from './heddle/access';
export { Atomic } from './heddle/atomic';
export { check, count, free, invariantNow, trace } from './heddle/check';
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
  sceneIndex,
  scenesDeclared,
  symptom,
  SymptomBuilder,
  When,
} from './heddle/declare';
export { DelayedWork } from './heddle/delayed-work';
export { choose, fault } from './heddle/fault';
export { Ghost, GhostTable } from './heddle/ghost';
export { inInterrupt, Irq, irqHandler, irqHandlerWith, irqRestore, irqSave } from './heddle/irq';
export { Klist, KlistNode } from './heddle/klist';
export { List, ListNode } from './heddle/list';
export { deviceLock, guardedBy, guardedField, guardedWrites, lockClass, nested } from './heddle/lockdep';
export { ModuleRef } from './heddle/module-ref';
export { Mutex } from './heddle/mutex';
export {
  Notifier,
  NotifierChain,
  NOTIFY_BAD,
  NOTIFY_DONE,
  NOTIFY_OK,
  NOTIFY_STOP,
  NOTIFY_STOP_MASK,
} from './heddle/notifier';
export { Once } from './heddle/once';
export { Rcu, RcuHead } from './heddle/rcu';
export { Refcount } from './heddle/refcount';
export { RwLock } from './heddle/rwlock';
export { RwSem } from './heddle/rwsem';
export { Semaphore } from './heddle/semaphore';
export { Seqcount } from './heddle/seqcount';
export { SpinLock } from './heddle/spinlock';
export { Srcu } from './heddle/srcu';
export { join, self, sleepTimeout, spawn, spawnWith, yieldNow, cpuRelax } from './heddle/task';
export { Timer, TimerWith } from './heddle/timer';
export { WaitQueue } from './heddle/wait-queue';
export { Work, WorkQueue, WorkWith } from './heddle/work-queue';
