// A slot that several producers fill and one consumer empties. Replace it with what you want to know about.
//
//   npx heddle fuzz ./{{name}}.ts                        look for interleavings that fail
//   npx heddle fuzz ./{{name}}.ts --design unlocked      the same where the check is outside the lock: it finds the lost item
//   npx heddle verify ./{{name}}.ts --design locked --scene two-producers    no schedule of this scene fails
import { design, designIs, event, invariant, Mutex, scene, symptom } from 'heddle';

enum Design {
  locked,
  unlocked,
} // in the order of register()

class Slot {
  mutex: Mutex = new Mutex();
  item: i32 = 0;
  put: i32 = 0;
  lost: i32 = 0;
}
const slot = new Slot();

/** Puts an item into the slot if it is free. */
function produce(item: i32): void {
  if (designIs(Design.unlocked) && slot.item != 0) return;
  slot.mutex.lock();
  if (designIs(Design.unlocked) || slot.item == 0) {
    if (slot.item != 0) slot.lost += 1;
    slot.item = item;
    slot.put += 1;
  }
  slot.mutex.unlock();
}

/** Takes the item out, if there is one. */
function consume(): void {
  slot.mutex.lock();
  slot.item = 0;
  slot.mutex.unlock();
}

export function register(): void {
  design('locked', 'looks at the slot under the lock');
  design('unlocked', 'looks at the slot before it takes the lock');
  event('produce', produce).arg('item', 1, 3);
  event('consume', consume);
  scene('two-producers').with('produce', 1).with('produce', 2);
  scene('all').with('produce', 1).with('produce', 2).with('consume');
  invariant('no item is lost', () => slot.lost == 0);
  symptom('lost-item', 'an item is written over before anybody took it').on('invariant', 'no item is lost');
}
