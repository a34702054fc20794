/**
 * Constants whose value is made from a function that uses them: `function f(): void { tm.arm(); } const tm = new Timer(f);`. The compiler infers
 * the constant's type while it compiles the function, and crashes; it tells no place, so we look for it ourselves.
 */
import type { Diagnostic } from '../errors.js';
import { OVERRIDE_HINT, shownPath } from './diagnostics.js';
import type { SourceFiles } from './source-files.js';

interface Declared {
  readonly name: string;
  readonly at: number;
  /** Names that its value or its body mentions. */
  readonly uses: ReadonlySet<string>;
  readonly isFunction: boolean;
}

/** Found in the text alone, one file at a time; empty if there is none. */
export function selfReferences(files: SourceFiles): Diagnostic[] {
  return files.modelTexts().flatMap(([name, text]) => {
    const declared = declarationsIn(blanked(text));
    const byName = new Map(declared.map((d) => [d.name, d]));
    return declared
      .filter((d) => !d.isFunction && reaches(byName, d))
      .map((d) => {
        const before = text.slice(0, d.at).split('\n');
        const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
        const message = `the value of ${d.name} is made from a function that uses ${d.name}`;
        return { file: shownPath(name, files.baseDir), ...place, message, hint: OVERRIDE_HINT };
      });
  });
}

/** Does what it uses, directly or not, use it? */
function reaches(byName: ReadonlyMap<string, Declared>, goal: Declared): boolean {
  const seen = new Set<string>();
  const open = [goal];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const name of next.uses) {
      if (name === goal.name) return true;
      const used = byName.get(name);
      if (!used || seen.has(name)) continue;
      seen.add(name);
      open.push(used);
    }
  }
  return false;
}

/** Comments and texts as blanks, so that offsets stay. */
const blanked = (text: string): string =>
  text.replace(/\/\/.*|\/\*[\s\S]*?\*\/|"[^"\n]*"|'[^'\n]*'|`[^`]*`/g, (s) => s.replace(/[^\n]/g, ' '));

/** Functions and variables of the module itself; those with a type are none of the compiler's trouble. */
function declarationsIn(text: string): Declared[] {
  const found: Declared[] = [];
  for (const match of text.matchAll(/\bfunction\s+([\w$]+)|(?:\b(?:const|let|var)\s+|,\s*)([\w$]+)\s*=(?![=>])/g)) {
    const name = match[1] ?? match[2] ?? '';
    const at = match.index + match[0].indexOf(name);
    if (depthAt(text, match.index) > 0) continue;
    const isFunction = match[1] !== undefined;
    const start = isFunction ? text.indexOf('{', at) : match.index + match[0].length;
    const body = text.slice(start, endOf(text, start, isFunction));
    // `x.name` is a field of that name.
    const uses = new Set([...body.matchAll(/(?<![\w$.])[A-Za-z_$][\w$]*/g)].map(([word]) => word));
    found.push({ name, at, uses, isFunction });
  }
  return found;
}

function depthAt(text: string, at: number): number {
  let depth = 0;
  for (let i = 0; i < at; i++) depth += step(text[i]);
  return depth;
}

/** Behind the closing brace of a function, or where an initializer ends. */
function endOf(text: string, start: number, isFunction: boolean): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    depth += step(text[i]);
    if (isFunction ? depth === 0 : depth < 0 || (depth === 0 && /[;,]/.test(text[i] ?? ''))) return i;
  }
  return text.length;
}

function step(char: string | undefined): number {
  if (char === '{' || char === '(' || char === '[') return 1;
  return char === '}' || char === ')' || char === ']' ? -1 : 0;
}
