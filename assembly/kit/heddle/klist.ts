// A list whose walkers pin the element they stand at: an element that is deleted meanwhile is passed over by others, but leaves the list
// only when the last walker leaves it. The kernel's klist, without iterator objects: the element is the position.
import { at, block, call_site, might_sleep, point, report, wake } from './abi/heddle';
import { EVERYONE, INVALID_ACCESS } from './kinds';

export class KlistNode {
  nextNode: KlistNode | null = null;
  previousNode: KlistNode | null = null;
  onList: KlistLinks | null = null;
  pins: i32 = 0;
  isDead: bool = false;

  /** Called before it is put on a list, for example to take a reference for the list. */
  onGet(): void {}

  /** Called by whoever took it off the list, after that: by del() or by the last walker. */
  onPut(): void {}
}

/** The links of a list, whatever its elements' class. For the kit: no scheduling points. */
export class KlistLinks {
  firstNode: KlistNode | null = null;
  lastNode: KlistNode | null = null;

  link(node: KlistNode, before: KlistNode | null, after: KlistNode | null): void {
    if (node.onList) {
      report(INVALID_ACCESS, changetype<usize>(node));
      return;
    }
    node.onList = this;
    node.pins = 1;
    node.isDead = false;
    node.previousNode = before;
    node.nextNode = after;
    if (before) before.nextNode = node;
    else this.firstNode = node;
    if (after) after.previousNode = node;
    else this.lastNode = node;
  }

  /** The next element from `node` on that is not deleted, pinned. */
  pinFrom(node: KlistNode | null): KlistNode | null {
    while (node) {
      if (!node.isDead) {
        node.pins += 1;
        return node;
      }
      node = node.nextNode;
    }
    return null;
  }

  /** One pin less; true if it was the last and the element is off the list now. */
  unpin(node: KlistNode): bool {
    node.pins -= 1;
    if (node.pins > 0) return false;
    const before = node.previousNode;
    const after = node.nextNode;
    if (before) before.nextNode = after;
    else this.firstNode = after;
    if (after) after.previousNode = before;
    else this.lastNode = before;
    node.previousNode = null;
    node.nextNode = null;
    node.onList = null;
    wake(changetype<usize>(node), EVERYONE);
    return true;
  }

  /** Marks an element as deleted. True if it is off the list. */
  bury(node: KlistNode): bool {
    if (node.onList != this || node.isDead) {
      report(INVALID_ACCESS, changetype<usize>(node));
      return false;
    }
    node.isDead = true;
    return this.unpin(node);
  }
}

@final
export class Klist<T extends KlistNode> extends KlistLinks {
  /** Puts an element at the front; a finding if it is on a list. */
  addHead(node: T): void {
    const call = call_site();
    node.onGet();
    at(call);
    point(changetype<usize>(this));
    this.link(node, null, this.firstNode);
  }

  /** Puts an element at the end; a finding if it is on a list. */
  addTail(node: T): void {
    const call = call_site();
    node.onGet();
    at(call);
    point(changetype<usize>(this));
    this.link(node, this.lastNode, null);
  }

  /** Deletes an element and does not wait for those that stand at it; a finding if it is not on this list or deleted already. */
  del(node: T): void {
    point(changetype<usize>(this));
    if (this.bury(node)) node.onPut();
  }

  /** Deletes an element and sleeps until nobody stands at it. */
  remove(node: T): void {
    might_sleep();
    point(changetype<usize>(this));
    if (this.bury(node)) node.onPut();
    else block(changetype<usize>(node)); // woken exactly once, and the element may be freed by then
  }

  /** Goes to the first element and pins it. */
  first(): T | null {
    point(changetype<usize>(this));
    return changetype<T | null>(this.pinFrom(this.firstNode));
  }

  /** Goes from an element that this task has pinned to the next one. */
  next(node: T | null): T | null {
    point(changetype<usize>(this));
    const from = changetype<T>(node);
    const to = this.pinFrom(from.nextNode);
    if (this.unpin(from)) from.onPut();
    return changetype<T | null>(to);
  }

  /** Ends a walk before the end of the list: leaves the element that this task has pinned. */
  leave(node: T | null): void {
    point(changetype<usize>(this));
    const from = changetype<T>(node);
    if (this.unpin(from)) from.onPut();
  }

  /** Pins an element, to walk on from it with next(); false if it is on no list. */
  pin(node: T): bool {
    point(changetype<usize>(this));
    if (node.onList != this) return false;
    node.pins += 1;
    return true;
  }

  /** Is it on the list, deleted or not? */
  isAttached(node: T): bool {
    point(changetype<usize>(this));
    return node.onList == this;
  }
}
