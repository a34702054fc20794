/** Models of random small programs: what no author would think of. */
import { createRandom } from '../../src/schedule/prng.js';

/**
 * A model with scenes `s0`, `s1`, … of three short tasks each, two of them equal, that read, write and check four shared fields. The same for the
 * same seed.
 */
export function randomModel(seed: number, scenes: number): string {
  const random = createRandom(seed);
  const below = (n: number): number => random.below(n);
  const cell = (): string => `s.${'abcd'[below(4)]}`;
  let checks = 0;
  const statement = (depth: number): string => {
    switch (below(depth > 1 ? 4 : 6)) {
      case 0:
        return `r = ${cell()};`;
      case 1:
        return `${cell()} = r + 1;`;
      case 2:
        return `${cell()} = ${below(3)};`;
      case 3:
        return `check(${cell()} != ${1 + below(3)}, 'check ${checks++}');`;
      case 4:
        return `if (r == ${below(3)}) { ${statement(depth + 1)} ${statement(depth + 1)} }`;
      default:
        return `if (${cell()} == ${below(2)}) { ${statement(depth + 1)} } else { ${statement(depth + 1)} }`;
    }
  };
  const task = (name: string, statements: number): string =>
    `function ${name}(): void {\n  let r = 0;\n${Array.from({ length: statements }, () => `  ${statement(0)}\n`).join('')}  s.d = r;\n}\n`;
  const tasks = Array.from({ length: scenes }, (_, k) => task(`f${k}`, 3 + below(3)) + task(`g${k}`, 2 + below(3)));
  const declared = tasks.map((_, k) => {
    const scene = `scene('s${k}').with('f${k}').with('f${k}').with('g${k}')`;
    return `  event('f${k}', f${k});\n  event('g${k}', g${k});\n  ${scene};\n`;
  });
  return `import { check, event, scene } from 'heddle';

class State {
  a: i32 = 0;
  b: i32 = 0;
  c: i32 = 0;
  d: i32 = 0;
}
const s = new State();

${tasks.join('')}
export function register(): void {
${declared.join('')}}
`;
}
