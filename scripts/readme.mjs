// Fills the generated parts of README.md: the example, the aims table of docs/benchmarks.md and, with `demo` as argument, the
// demonstration's output.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const file = path.join(root, 'README.md');

function fill(text, part, body) {
  const [begin, end] = [`<!-- ${part} -->`, `<!-- /${part} -->`];
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  if (to < from) throw new Error(`README.md has no ${begin} … ${end}`);
  return `${text.slice(0, from)}\n${body.trimEnd()}\n${text.slice(to)}`;
}

function run(script, ...args) {
  return execFileSync(process.execPath, [path.join(root, script), ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
}

/** From the first finding to the verdict of its replay. */
function demonstration() {
  const lines = run('scripts/demo.mjs').split('\n');
  const from = lines.findIndex((line) => line.startsWith('finding 1'));
  const to = lines.findIndex((line, i) => i > from && line.includes('heddle replay'));
  const verdict = lines.filter((line) => / runs equal| reproduced |No memory|no memory finding/.test(line));
  return [...lines.slice(from, to + 1), '  […]', ...verdict].map((line) => line.trimEnd()).join('\n');
}

let text = readFileSync(file, 'utf8');
text = fill(text, 'bank', `\`\`\`ts\n${readFileSync(path.join(root, 'examples/bank.ts'), 'utf8').trimEnd()}\n\`\`\``);
if (process.argv.includes('demo')) text = fill(text, 'demo', `\`\`\`text\n${demonstration()}\n\`\`\``);
const aims = /### Aims\n\n((?:\|.*\n?)+)/.exec(readFileSync(path.join(root, 'docs/benchmarks.md'), 'utf8'))?.[1];
if (aims) text = fill(text, 'benchmarks', aims);
writeFileSync(file, text);
