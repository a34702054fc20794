// account: after a deposit and a withdrawal a checker compares the balance with a sum that is wrong.
import { check, designIs, event, Mutex, scene } from 'heddle';
import { create, declareDesigns, Design, joinAll } from './threads';

let balance: i32 = 1;
let deposited: bool = false;
let withdrawn: bool = false;
const mutex = new Mutex();

function checkResult(): void {
  mutex.lock();
  const expected = designIs(Design.fixed) ? 1 + 2 - 4 : 1 - 2 - 4;
  if (deposited && withdrawn) check(balance == expected, 'the balance is not what was paid in and out');
  mutex.unlock();
}

function deposit(): void {
  mutex.lock();
  balance += 2;
  deposited = true;
  mutex.unlock();
}

function withdraw(): void {
  mutex.lock();
  balance -= 4;
  withdrawn = true;
  mutex.unlock();
}

function main(): void {
  create(checkResult);
  create(deposit);
  create(withdraw);
  joinAll(3);
}

export function register(): void {
  declareDesigns();
  event('checkResult', checkResult);
  event('deposit', deposit);
  event('withdraw', withdraw);
  event('main', main);
  scene('A').with('checkResult').with('deposit').with('withdraw');
  scene('C').with('main');
}
