/** Uses most of what docs/subset.md allows; computes one number. As text: it is AssemblyScript. */
export const FEATURES = `
import { event, free } from "heddle";
abstract class Shape { abstract area(k: i32): i32; describe(): i32 { return this.area(1) + 2; } }
class Square extends Shape { constructor(public side: i32) { super(); } area(k: i32): i32 { return this.side * this.side * k; } }
class Rect extends Shape { constructor(public w: i32, public h: f64) { super(); } area(k: i32): i32 { return this.w * <i32>this.h * k; } }
interface Scored { score(bonus: i32): i64; }
class Player implements Scored { points: i64 = 1000000000000; level: u8 = 250; rank: i16 = -3; ratio: f32 = 0.5;
  score(bonus: i32): i64 { this.points += bonus; this.level += 10; this.rank -= 1; this.ratio *= 3; return this.points + this.level + this.rank + <i64>(this.ratio * 2); } }
class Node { next: Node | null = null; keep: Shape | null = null; constructor(public value: i32) {} }
class Ops { run: ((a: i32, b?: i32, c?: i32) => i32) | null = null; }
function optional(a: i32, b: i32 = 20, c: i32 = 300): i32 { return a + b + c; }
function fib(n: i32, cell: Node): i32 { cell.value++; return n < 2 ? n : fib(n - 1, cell) + fib(n - 2, cell); }
const table: StaticArray<i32> = [5, 4, 3, 2, 1];
let last: Player | null = null; let lastShape: StaticArray<Shape> | null = null;
let sum: i64 = 0; let shared: i32 = 0; let f: f32 = 1.5;
function compute(): void {
  let total: i64 = 0;
  const shapes = new StaticArray<Shape>(2); shapes[0] = new Square(3); shapes[1] = new Rect(2, 3.7);
  for (let i = 0; i < shapes.length; i++) total += shapes[i].describe();
  const p = new Player(); last = p; lastShape = shapes;  const s: Scored = p; total += s.score(5); total += s.score(1);
  const ops = new Ops(); ops.run = optional; total += ops.run!(1); total += ops.run!(1, 2);
  const cell = new Node(0); total += fib(7, cell) + cell.value;
  const own = new StaticArray<i32>(5); for (let i = 0; i < 5; i++) own[i] = table[4 - i] * i; for (let i = 0; i < 5; i++) total += own[i];
  total += <i64>(Math.sin(1.0) * 1000.0) + <i64>(Math.pow(2.0, 0.5) * 1000.0);
  if (shapes[0] instanceof Square) total += 1;
  const fn = (x: i32): i32 => x * 2; total += fn(4);
  const name = shared > 100 ? "abc" : "abd"; if (name == "abd") total += name.length;
  shared++; f = f * 1.0;
  sum = total;
  free(cell);
}
export function register(): void { event("compute", compute); }
`;

/** What plain asc and Node compute for it. */
export const RESULT = 2000000003036n;
