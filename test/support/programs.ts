/** Models of random small programs: what no author would think of. */
import { createRandom } from '../../src/schedule/prng.js';

/** What one draws statements from. */
type Draw = (n: number) => number;

function scalarStatement(below: Draw, nested: () => string, check: () => string, depth: number): string {
  const cell = (): string => `s.${'abcd'[below(4)]}`;
  switch (below(depth > 1 ? 4 : 6)) {
    case 0:
      return `r = ${cell()};`;
    case 1:
      return `${cell()} = r + 1;`;
    case 2:
      return `${cell()} = ${below(3)};`;
    case 3:
      return `check(${cell()} != ${1 + below(3)}, '${check()}');`;
    case 4:
      return `if (r == ${below(3)}) { ${nested()} ${nested()} }`;
    default:
      return `if (${cell()} == ${below(2)}) { ${nested()} } else { ${nested()} }`;
  }
}

/** `n` is a task's own pointer; `p` and `q` are shared. One in 24 depends on an address. */
function objectStatement(below: Draw, check: () => string): string {
  const shared = (): string => 'pq'[below(2)] ?? 'p';
  switch (below(12)) {
    case 0:
    case 1:
      return 'n = new Node();';
    case 2:
    case 3:
      return `${shared()} = n;`;
    case 4:
    case 5:
      return `n = ${shared()};`;
    case 6:
      return `if (n) n.value = ${1 + below(2)};`;
    case 7:
      return `if (n) n.next = ${shared()};`;
    case 8:
      return 'if (n) n = n.next;';
    case 9:
      return `if (n) { free(n); ${['', 'n = null;', `${shared()} = null;`][below(3)]} }`;
    case 10:
      return `check(!n || n.value != ${1 + below(2)}, '${check()}');`;
    default:
      return below(2) === 0 ? `check(p != q || !p, '${check()}');` : 'r = <i32>(changetype<usize>(n) >> 4) & 1;';
  }
}

/**
 * A model with scenes `s0`, `s1`, … of three short tasks each, two of them equal, that read, write and check four shared fields. With `objects`
 * they allocate as well, link, share and free what they have. The same for the same seed.
 */
export function randomModel(seed: number, scenes: number, objects: boolean): string {
  const random = createRandom(seed);
  const below: Draw = (n) => random.below(n);
  let checks = 0;
  const check = (): string => `check ${checks++}`;
  const statement = (depth: number): string =>
    objects && below(3) > 0
      ? objectStatement(below, check)
      : scalarStatement(below, () => statement(depth + 1), check, depth);
  const task = (name: string, statements: number): string => {
    const body = Array.from({ length: statements }, () => `  ${statement(0)}\n`).join('');
    return `function ${name}(): void {\n  let r = 0;\n${objects ? '  let n: Node | null = null;\n' : ''}${body}  s.d = r;\n}\n`;
  };
  const more = objects ? 2 : 0;
  const tasks = Array.from(
    { length: scenes },
    (_, k) => task(`f${k}`, 3 + more + below(3)) + task(`g${k}`, 2 + more + below(3)),
  );
  const declared = tasks.map((_, k) => {
    const scene = `scene('s${k}').with('f${k}').with('f${k}').with('g${k}')`;
    return `  event('f${k}', f${k});\n  event('g${k}', g${k});\n  ${scene};\n`;
  });
  const node = `class Node {
  value: i32 = 0;
  next: Node | null = null;
}
let p: Node | null = null;
let q: Node | null = null;

`;
  return `import { check, event, ${objects ? 'free, ' : ''}scene } from 'heddle';

class State {
  a: i32 = 0;
  b: i32 = 0;
  c: i32 = 0;
  d: i32 = 0;
}
const s = new State();

${objects ? node : ''}${tasks.join('')}
export function register(): void {
${declared.join('')}}
`;
}
