/** The functions of a model's source. */
import type { Sources } from '../edits/copies.js';

export interface Body {
  readonly file: string;
  /** Of the function, or of the method without its class. */
  readonly name: string;
  /** With its head, without comments. */
  readonly text: string;
}

/** Functions and methods whose body takes more than one line. */
export function bodiesOf(sources: Sources): Body[] {
  return [...sources].flatMap(([file, source]) => {
    const text = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    const functions = text.matchAll(/^(?:export )?function (\w+)[\s\S]*?^\}/gm);
    const methods = text.matchAll(/^ {2}(?:(?:override|private|static|get) )*(\w+)\([^;{]*\{\n[\s\S]*?^ {2}\}/gm);
    return [...functions, ...methods].map((match) => ({ file, name: match[1] ?? '', text: match[0] }));
  });
}
