// Two transfers between two accounts. Without the lock, one can overwrite what the other has stored.
import { design, designIs, event, invariant, Mutex, scene } from 'heddle';

enum Design {
  racy,
  locked,
} // in the order of register()

class Account {
  balance: i32 = 100;
}
const alice = new Account();
const bob = new Account();
const mutex = new Mutex();

function transfer(amount: i32): void {
  if (designIs(Design.locked)) mutex.lock();
  alice.balance -= amount;
  bob.balance += amount;
  if (designIs(Design.locked)) mutex.unlock();
}

export function register(): void {
  design('racy', 'no lock');
  design('locked', 'one lock for both accounts');
  event('transfer', transfer).arg('amount', 1, 50);
  scene('two-transfers').with('transfer', 10).with('transfer', 20);
  invariant('no money is lost', () => alice.balance + bob.balance == 200);
}
