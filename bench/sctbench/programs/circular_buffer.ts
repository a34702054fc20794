// circular_buffer: a sender and a receiver take turns by two flags, seven rounds each. A round without the turn is lost, and then the number
// received is not the number of the round.
import { check, designIs, event, Mutex, scene } from 'heddle';
import { create, declareDesigns, Design, joinAll } from './threads';

const SIZE = 10;
const ROUNDS = 7;
const buffer = new StaticArray<i32>(SIZE);
let first: i32 = 0;
let next: i32 = 0;
let send: bool = true;
let receive: bool = false;
const mutex = new Mutex();

function insert(value: i32): void {
  buffer[next] = value;
  next = (next + 1) % SIZE;
}

function remove(): i32 {
  const value = buffer[first];
  first = (first + 1) % SIZE;
  return value;
}

function sender(): void {
  let sent = 0;
  for (let i = 0; i < ROUNDS; i++) {
    mutex.lock();
    if (send) {
      insert(designIs(Design.fixed) ? sent : i);
      sent++;
      send = false;
      receive = true;
    }
    mutex.unlock();
  }
}

function receiver(): void {
  let received = 0;
  for (let i = 0; i < ROUNDS; i++) {
    mutex.lock();
    if (receive) {
      check(remove() == (designIs(Design.fixed) ? received : i), 'what is received is not what is expected');
      received++;
      receive = false;
      send = true;
    }
    mutex.unlock();
  }
}

function main(): void {
  create(sender);
  create(receiver);
  joinAll(2);
}

export function register(): void {
  declareDesigns();
  event('sender', sender);
  event('receiver', receiver);
  event('main', main);
  scene('A').with('sender').with('receiver');
  scene('C').with('main');
}
