// A notifier chain with two notifiers of different priority, made at boot, and a third.
import { event, Notifier, NotifierChain, NOTIFY_OK, NOTIFY_STOP, scene } from 'heddle';

class Cell {
  log: i32 = 0;
  answer: i32 = 0;
  late: i32 = 0;
}
const cell = new Cell();
const chain = new NotifierChain<i32>();
const low = new Notifier<i32>((action, data) => {
  cell.log = cell.log * 10 + data;
  return NOTIFY_OK;
}, 1);
const high = new Notifier<i32>((action, data) => {
  cell.log = cell.log * 10 + action;
  return action == 9 ? NOTIFY_STOP : NOTIFY_OK;
}, 5);
class Late extends Notifier<i32> {
  override notify(action: i32, data: i32): i32 {
    cell.late = action;
    return NOTIFY_OK;
  }
}
const late = new Late();
class Nested extends Notifier<i32> {
  override notify(action: i32, data: i32): i32 {
    chain.unregister(this);
    return NOTIFY_OK;
  }
}
const nested = new Nested();

function prepare(): void {
  chain.register(low);
  chain.register(high);
}

function calling(action: i32): void {
  cell.answer = chain.call(action, 2);
}
function registering(): void {
  chain.register(late);
}
function unregistering(): void {
  chain.unregister(low);
}
function nesting(): void {
  chain.register(nested);
  chain.call(1, 2);
}

export function register(): void {
  event('calling', calling).arg('action', 1, 9);
  event('registering', registering);
  event('unregistering', unregistering);
  event('nesting', nesting);
  scene('order', prepare).with('calling', 3);
  scene('stop', prepare).with('calling', 9);
  scene('register', prepare).with('calling', 3).with('registering');
  scene('unregister', prepare).with('calling', 3).with('unregistering');
  scene('nesting', prepare).with('nesting');
}
