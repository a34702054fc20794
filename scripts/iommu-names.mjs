// Which functions of the kernel, as the facts behind the IOMMU model name them, have no counterpart of the same name in the model?
//
//   node scripts/iommu-names.mjs [list] [folder]   one line a missing name; exits 1 if one is missing without a reason, or has a needless one
//
// The list has a name a line; a name that the model need not have is followed by a colon and the reason.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const [list = path.join(ROOT, 'docs/iommu-names.txt'), folder = path.join(ROOT, 'assembly/models/iommu')] =
  process.argv.slice(2);

/** Functions and methods with a body or an abstract declaration. */
function definitionsIn(text) {
  const functions = text.matchAll(/^(?:export )?function (\w+)/gm);
  const methods = text.matchAll(/^ {2}(?:(?:abstract|override|private|static) )*(\w+)\([^;]*?\): [^;{]+(?:;| \{)/gm);
  return [...functions, ...methods].map((match) => match[1]);
}

const defined = new Set(
  readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => definitionsIn(readFileSync(path.join(folder, file), 'utf8'))),
);

let bad = 0;
for (const line of readFileSync(list, 'utf8').split('\n')) {
  if (line === '' || line.startsWith('#')) continue;
  const [name, reason] = line.split(/:\s*/, 2);
  if (!defined.has(name)) console.log(`${name}: ${reason ?? 'missing'}`);
  else if (reason) console.log(`${name}: is there, but the list says why not`);
  if (defined.has(name) === (reason !== undefined)) bad++;
}
process.exitCode = bad ? 1 : 0;
