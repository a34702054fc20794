// What a model says about its locks, for the oracles that cost time (--oracles all). Nothing here is a scheduling point or part of the state;
// it may be called while the model boots, for locks and objects that exist then, and in tasks for others.
import { annotate } from './abi/heddle';

/**
 * All locks with this name are one class in the order of locks. Without it, locks that one `new` made are a class, and a lock that was
 * made while the model booted is a class of its own. The same constant text is the same name.
 */
export function lockClass<L>(lock: L, name: string): void {
  annotate(1, changetype<usize>(lock), changetype<i32>(name), 0);
}

/**
 * The lock is a class of its own, wherever it was made: for locks of devices, which are nested in the order of a tree that no class can
 * tell. An inversion between the same two is still found.
 */
export function deviceLock<L>(lock: L): void {
  annotate(1, changetype<usize>(lock), changetype<i32>(lock), 0);
}

/** The next lock that this task takes is nested at level 1 to 7 in another of its class, in an order that the model guarantees. */
export function nested(level: i32): void {
  annotate(2, 0, level, 0);
}

/** Every access to the object needs this lock; reads are content if it is held shared. Marked accesses are exempt. */
export function guardedBy<T, L>(object: T, lock: L): void {
  annotate(3, changetype<usize>(object), changetype<i32>(lock), offsetof<T>());
}

/** The same for one field, or for `bytes` from there on: `guardedField(group, offsetof<Group>('domain'), lock)`. */
export function guardedField<T, L>(object: T, offset: usize, lock: L, bytes: i32 = 4): void {
  annotate(3, changetype<usize>(object) + offset, changetype<i32>(lock), bytes);
}

/** Only who writes the field needs this lock: it is read without, too, by those who can live with what they see. */
export function guardedWrites<T, L>(object: T, offset: usize, lock: L, bytes: i32 = 4): void {
  annotate(4, changetype<usize>(object) + offset, changetype<i32>(lock), bytes);
}
