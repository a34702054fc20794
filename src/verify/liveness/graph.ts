/** The graph of states that a search has walked, as it is needed to ask what can repeat for ever. */

/** Layout of a record: assembly/search/edges.ts. */
const RECORD_WORDS = 12;

/** Numbers that come one after the other. */
export class Words {
  private data = new Uint32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) {
      const more = new Uint32Array(2 * this.length);
      more.set(this.data);
      this.data = more;
    }
    this.data[this.length++] = value;
  }
  at(i: number): number {
    return this.data[i] ?? 0;
  }
  set(i: number, value: number): void {
    this.data[i] = value;
  }
  get bytes(): number {
    return this.data.byteLength;
  }
}

export class StateGraph {
  /** Keys of the states, two words each; a state's number is its place here. */
  private readonly keys = new Words();
  /** Sets of tasks, by number; the first is the empty one. */
  private readonly masks: bigint[] = [0n];
  private readonly maskNumbers = new Map<bigint, number>([[0n, 0]]);
  /** Per state: tasks that can run there, and those that have not ended; by number of set. */
  private readonly ready = new Words();
  private readonly unfinished = new Words();
  readonly from = new Words();
  readonly to = new Words();
  /** Per edge: tasks that take a step on it. */
  private readonly ran = new Words();
  /** Hash table of states: number + 1; 0 = free. */
  private table = new Uint32Array(1 << 12);

  get states(): number {
    return this.ready.length;
  }
  get edges(): number {
    return this.from.length;
  }
  /** What it and a look at it take. */
  get bytes(): number {
    const lists = [this.keys, this.ready, this.unfinished, this.from, this.to, this.ran];
    const kept = lists.reduce((sum, list) => sum + list.bytes, this.table.byteLength);
    return kept + 24 * this.states + 8 * this.edges;
  }

  readyAt(state: number): bigint {
    return this.masks[this.ready.at(state)] ?? 0n;
  }
  unfinishedAt(state: number): bigint {
    return this.masks[this.unfinished.at(state)] ?? 0n;
  }
  ranOn(edge: number): bigint {
    return this.masks[this.ran.at(edge)] ?? 0n;
  }
  keyOf(state: number): bigint {
    return (BigInt(this.keys.at(2 * state + 1)) << 32n) | BigInt(this.keys.at(2 * state));
  }

  /** Records of `Search.takeEdges`, of any thread. */
  add(records: Uint8Array): void {
    const w = new Uint32Array(records.buffer, records.byteOffset, records.byteLength >> 2);
    const word = (i: number): number => w[i] ?? 0;
    const set = (i: number): number => this.maskNumber(word(i), word(i + 1), word(i + 2), word(i + 3));
    for (let i = 0; i + RECORD_WORDS <= w.length; i += RECORD_WORDS) {
      const state = this.number(word(i), word(i + 1));
      if (word(i + 2) === 0 && word(i + 3) === 0) {
        this.ready.set(state, set(i + 4));
        this.unfinished.set(state, set(i + 8));
      } else {
        this.from.push(state);
        this.to.push(this.number(word(i + 2), word(i + 3)));
        this.ran.push(set(i + 4));
      }
    }
  }

  private maskNumber(a: number, b: number, c: number, d: number): number {
    const low = (BigInt(b) << 32n) | BigInt(a);
    const mask = c === 0 && d === 0 ? low : (BigInt(d) << 96n) | (BigInt(c) << 64n) | low;
    let n = this.maskNumbers.get(mask);
    if (n === undefined) {
      n = this.masks.length;
      this.masks.push(mask);
      this.maskNumbers.set(mask, n);
    }
    return n;
  }

  private number(low: number, high: number): number {
    const slot = this.slotOf(low, high);
    const found = this.table[slot] ?? 0;
    if (found) return found - 1;
    const n = this.ready.length;
    this.keys.push(low);
    this.keys.push(high);
    this.ready.push(0);
    this.unfinished.push(0);
    this.table[slot] = n + 1;
    if (2 * this.ready.length > this.table.length) this.enlarge();
    return n;
  }

  private slotOf(low: number, high: number): number {
    const mask = this.table.length - 1;
    let i = Math.imul(low ^ high, 0x9e3779b1) >>> 0;
    i = (i ^ (i >>> 15)) & mask;
    for (let n = this.table[i]; n; n = this.table[i]) {
      if (this.keys.at(2 * n - 2) === low && this.keys.at(2 * n - 1) === high) break;
      i = (i + 1) & mask;
    }
    return i;
  }

  private enlarge(): void {
    this.table = new Uint32Array(2 * this.table.length);
    for (let n = 0; n < this.states; n++) {
      this.table[this.slotOf(this.keys.at(2 * n), this.keys.at(2 * n + 1))] = n + 1;
    }
  }
}
