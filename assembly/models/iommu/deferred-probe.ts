// Devices whose bind waits for something: two lists, a count and a worker (designs.md section 1, E8).
import { Atomic, fixed, List, Mutex, Work, WorkQueue } from 'heddle';
import { device_attach } from './dd';
import { get_device, put_device } from './device';
import { Device } from './objects';

const deferred_probe_mutex = new Mutex();
const deferred_probe_pending_list = new List<Device>();
const deferred_probe_active_list = new List<Device>();
const deferred_trigger_count = new Atomic();
const deferred_wq = new WorkQueue();

@final
class deferred_probe extends Work {
  override run(): void {
    deferred_probe_work_func();
  }
}
const deferred_probe_work = new deferred_probe();

@final
class deferral_state {
  enabled: bool = true;
}
const state = new deferral_state();

/** For the set-up of a scene: while it runs nothing is tried again, and what was deferred by then still waits when the scene begins. */
export function driver_deferred_probe_enable(enabled: bool): void {
  state.enabled = enabled;
}

/** Section 1, deferral: the count that a bind attempt compares with its sample. */
export function deferred_probe_trigger_count(): i32 {
  return deferred_trigger_count.load();
}

/** Section 1, deferral: waits for the next trigger. */
export function driver_deferred_probe_add(dev: Device): void {
  deferred_probe_mutex.lock();
  if (!dev.isListed()) deferred_probe_pending_list.addTail(dev);
  deferred_probe_mutex.unlock();
}

/** Section 1, driver_bound and device_del: no longer waits. */
export function driver_deferred_probe_del(dev: Device): void {
  deferred_probe_mutex.lock();
  dev.delist();
  deferred_probe_mutex.unlock();
}

/** Section 1, trigger: every device that waits is tried again. */
export function driver_deferred_probe_trigger(): void {
  if (!fixed<bool>(changetype<usize>(state), offsetof<deferral_state>('enabled'))) return;
  deferred_probe_mutex.lock();
  deferred_trigger_count.inc();
  deferred_probe_pending_list.moveAllTo(deferred_probe_active_list);
  deferred_probe_mutex.unlock();
  deferred_wq.queueWork(deferred_probe_work);
}

/** Section 1, worker: E8. */
function deferred_probe_work_func(): void {
  deferred_probe_mutex.lock();
  while (true) {
    const dev = deferred_probe_active_list.takeFirst();
    if (!dev) break;
    get_device(dev);
    deferred_probe_mutex.unlock();
    device_attach(dev);
    put_device(dev);
    deferred_probe_mutex.lock();
  }
  deferred_probe_mutex.unlock();
}
