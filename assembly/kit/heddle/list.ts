// An intrusive doubly linked list: an element's class extends ListNode, and an element is on at most one list. Each operation is one
// scheduling point and indivisible; a walk is one operation an element, so that other tasks can change the list under it.
import { point, report } from './abi/heddle';
import { INVALID_ACCESS } from './kinds';

export class ListNode {
  nextNode: ListNode | null = null;
  previousNode: ListNode | null = null;
  /** The element is on a list. A read in the model is a scheduling point of its own. */
  listed: bool = false;
}

@final
export class List<T extends ListNode> {
  private firstNode: ListNode | null = null;
  private lastNode: ListNode | null = null;

  /** Puts an element at the front; a finding if it is on a list. */
  add(node: T): void {
    point(changetype<usize>(this));
    this.link(node, null, this.firstNode);
  }

  /** Puts an element at the end; a finding if it is on a list. */
  addTail(node: T): void {
    point(changetype<usize>(this));
    this.link(node, this.lastNode, null);
  }

  /** Takes an element off; a finding if it is on no list. Its neighbours are written, so a freed neighbour is found here. */
  del(node: T): void {
    point(changetype<usize>(this));
    this.unlink(node);
  }

  /** Takes the first element off and answers it. */
  takeFirst(): T | null {
    point(changetype<usize>(this));
    const node = this.firstNode;
    if (node) this.unlink(node);
    return changetype<T | null>(node);
  }

  /** Moves all elements to the end of another list, in order. */
  moveAllTo(other: List<T>): void {
    point(changetype<usize>(this));
    while (true) {
      const node = this.firstNode;
      if (!node) break;
      this.unlink(node);
      other.link(node, other.lastNode, null);
    }
  }

  empty(): bool {
    point(changetype<usize>(this));
    return this.firstNode == null;
  }

  first(): T | null {
    point(changetype<usize>(this));
    return changetype<T | null>(this.firstNode);
  }

  last(): T | null {
    point(changetype<usize>(this));
    return changetype<T | null>(this.lastNode);
  }

  /** The element after `node`: reads `node`, so it must be alive. */
  next(node: T | null): T | null {
    point(changetype<usize>(this));
    return changetype<T | null>(changetype<ListNode>(node).nextNode);
  }

  /** For other parts of the kit, which have passed their own scheduling point: addTail(). */
  append(node: T): void {
    this.link(node, this.lastNode, null);
  }

  /** For other parts of the kit: del(). */
  remove(node: T): void {
    this.unlink(node);
  }

  /** For other parts of the kit: takeFirst(). */
  shift(): T | null {
    const node = this.firstNode;
    if (node) this.unlink(node);
    return changetype<T | null>(node);
  }

  private link(node: ListNode, before: ListNode | null, after: ListNode | null): void {
    if (node.listed) {
      report(INVALID_ACCESS, changetype<usize>(node));
      return;
    }
    node.listed = true;
    node.previousNode = before;
    node.nextNode = after;
    if (before) before.nextNode = node;
    else this.firstNode = node;
    if (after) after.previousNode = node;
    else this.lastNode = node;
  }

  private unlink(node: ListNode): void {
    if (!node.listed) {
      report(INVALID_ACCESS, changetype<usize>(node));
      return;
    }
    const before = node.previousNode;
    const after = node.nextNode;
    if (before) before.nextNode = after;
    else this.firstNode = after;
    if (after) after.previousNode = before;
    else this.lastNode = before;
    node.previousNode = null;
    node.nextNode = null;
    node.listed = false;
  }
}
