// Waiting and waking. Where a task blocks and where it ends are decisions too; they are not counted here.
// waiter (2 points and the tests of the condition): waitUntil = a point, then load ready for each test; then store seen.
// setter (2): store ready, wakeAll.
// lossy (3): load ready; if it is 0: sleep (a point); store seen. A wake-up between the load and the sleep is lost: deadlock.
// consumer (2): wait (a point), store seen.
// producer (2): store ready, complete.
// queuer (6): queueWork (a point), start, flush (a point), load value, store value, store seen.
// The worker task (5): take, load value, store value, finish, take.
import { Completion, event, scene, WaitQueue, Work, WorkQueue } from 'heddle';

class State {
  ready: i32 = 0;
  seen: i32 = 0;
  value: i32 = 0;
}
const state = new State();
const queue = new WaitQueue();
const done = new Completion();
const works = new WorkQueue();
const work = new Work(() => {
  state.value += 1;
});

function waiter(): void {
  queue.waitUntil(() => state.ready != 0);
  state.seen = 1;
}

function setter(): void {
  state.ready = 1;
  queue.wakeAll();
}

function lossy(): void {
  if (state.ready == 0) queue.sleep();
  state.seen = 1;
}

function consumer(): void {
  done.wait();
  state.seen = 1;
}

function producer(): void {
  state.ready = 1;
  done.complete();
}

function queuer(): void {
  works.queueWork(work);
  works.flush(work);
  state.value += 1;
  state.seen = 1;
}

export function register(): void {
  event('waiter', waiter);
  event('setter', setter);
  event('lossy', lossy);
  event('consumer', consumer);
  event('producer', producer);
  event('queuer', queuer);
  scene('wait').with('waiter').with('setter');
  scene('wait-two').with('waiter').with('waiter').with('setter');
  scene('lost').with('lossy').with('setter');
  scene('completion').with('consumer').with('producer');
  scene('starved').with('consumer').with('consumer').with('producer');
  scene('work').with('queuer');
  scene('work-two').with('queuer').with('queuer');
}
