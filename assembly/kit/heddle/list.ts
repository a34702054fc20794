// An intrusive doubly linked list: an element's class extends ListNode, and an element is on at most one list. Each operation is one
// scheduling point and indivisible; a walk is one operation an element, so that other tasks can change the list under it.
import { point, report } from './abi/heddle';
import { INVALID_ACCESS } from './kinds';

export class ListNode {
  nextNode: ListNode | null = null;
  previousNode: ListNode | null = null;
  owner: Links | null = null;

  /** Is the element on a list? */
  isListed(): bool {
    point(changetype<usize>(this));
    return this.owner != null;
  }

  /** Takes the element off the list that it is on, if any. */
  delist(): void {
    point(changetype<usize>(this));
    const owner = this.owner;
    if (owner) owner.unlink(this);
  }
}

/** The links of a list, whatever its elements' class. For the kit: no scheduling points. */
export class Links {
  firstNode: ListNode | null = null;
  lastNode: ListNode | null = null;

  link(node: ListNode, before: ListNode | null, after: ListNode | null): void {
    if (node.owner) {
      report(INVALID_ACCESS, changetype<usize>(node));
      return;
    }
    node.owner = this;
    node.previousNode = before;
    node.nextNode = after;
    if (before) before.nextNode = node;
    else this.firstNode = node;
    if (after) after.previousNode = node;
    else this.lastNode = node;
  }

  /** Writes the neighbours, so a neighbour that was freed on the list is found here. */
  unlink(node: ListNode): void {
    if (node.owner != this) {
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
    node.owner = null;
  }
}

@final
export class List<T extends ListNode> extends Links {
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

  /** Takes an element off; a finding if it is not on this list. */
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
}
