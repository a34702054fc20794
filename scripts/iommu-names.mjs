// Which functions of the kernel, as the facts behind the IOMMU model name them, have no counterpart of the same name in the model? And which
// functions of the model do not say what fact they model?
//
//   node scripts/iommu-names.mjs [list] [folder]   one line a name; exits 1 if one is missing without a reason, or has a needless one, or a
//                                                  function lacks a comment or its comment a fact
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

/** The model's machine, scenes and promises: what is not the modelled code itself. */
const AROUND = /^(?:promises\/.*|scenes.*|grid|machine|place|setup|options|index|invariants|symptoms|errno)\.ts$/;
/** A section of the facts, an entry point, a promise, or what the model has for its own sake. */
const FACT = /\b\d\.\d\b|\b[Ss]ections? \d|\bE\d+\b|\b[Pp]romise|Cost of the designs|set-up of a scene/;

/** Functions without a comment, and those of the modelled code whose comment names no fact. */
function complaintsAbout(file, text) {
  const around = AROUND.test(file);
  return [...text.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^(export )?function (\w+)/gm)].flatMap((match) => {
    const [, comment, exported, name] = match;
    if (!comment) return around && !exported ? [] : [`${file}: ${name} has no comment`];
    return around || FACT.test(comment) ? [] : [`${file}: the comment of ${name} names no fact`];
  });
}

const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.ts'));
const texts = new Map(files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
const defined = new Set([...texts.values()].flatMap(definitionsIn));

let bad = 0;
for (const line of readFileSync(list, 'utf8').split('\n')) {
  if (line === '' || line.startsWith('#')) continue;
  const [name, reason] = line.split(/:\s*/, 2);
  if (!defined.has(name)) console.log(`${name}: ${reason ?? 'missing'}`);
  else if (reason) console.log(`${name}: is there, but the list says why not`);
  if (defined.has(name) === (reason !== undefined)) bad++;
}
for (const complaint of [...texts].flatMap(([file, text]) => complaintsAbout(file, text))) {
  console.log(complaint);
  bad++;
}
process.exitCode = bad ? 1 : 0;
