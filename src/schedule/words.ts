/**
 * Words of the text forms: a line becomes words, a name becomes a word. A name is written bare where nothing can be
 * mistaken and as a JSON string otherwise. Used by the schedule's text codec and by site keys; knows nothing of what
 * the words mean.
 */

export interface Word {
  readonly text: string;
  /** Written as a JSON string: never a keyword, an arrow, an ordinal or a number. */
  readonly quoted: boolean;
  /** From 1. */
  readonly column: number;
}

/** What `splitWords` throws: the caller knows the file and the line. */
export class WordError extends Error {
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.name = 'WordError';
    this.column = column;
  }
}

const SPACE = /\s/;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const BARE = /[^\s"]+/y;
/** Printable ASCII without space, `"` and backslash, and not what starts an ordinal, an occurrence or a comment. */
const BARE_NAME = /^(?![#*])[!#-[\]-~]+$/;
const RESERVED = new Set(['->', '=']);
/**
 * Characters that an editor, a mail or a terminal may change, hide or reorder. A fixed list: Unicode's categories
 * grow, and the canonical text must not depend on the version of Node.
 */
const UNSAFE = /[\u007f-\u00a0\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * Splits one line into words. A comment starts with `#` at the line's start, or with a `#` that stands before a space
 * or the line's end; `#1` elsewhere is an ordinal. Throws `WordError`.
 */
export function splitWords(line: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    const char = line.charAt(at);
    if (SPACE.test(char)) {
      at += 1;
      continue;
    }
    if (char === '#' && (words.length === 0 || isCommentAt(line, at))) break;
    const word = char === '"' ? readString(line, at) : readBare(line, at);
    words.push({ text: word.text, quoted: char === '"', column: at + 1 });
    at = word.end;
  }
  return words;
}

/** The name as one word that `splitWords` reads back: bare where possible, else a JSON string. */
export function quoteName(name: string): string {
  if (BARE_NAME.test(name) && !RESERVED.has(name)) return name;
  return JSON.stringify(name).replace(UNSAFE, escapeChar);
}

function isCommentAt(line: string, at: number): boolean {
  return at + 1 === line.length || SPACE.test(line.charAt(at + 1));
}

function readString(line: string, at: number): { text: string; end: number } {
  STRING.lastIndex = at;
  const raw = STRING.exec(line)?.[0];
  if (raw === undefined) throw new WordError('the string is not closed: a " is missing', at + 1);
  const end = at + raw.length;
  if (end < line.length && !SPACE.test(line.charAt(end))) {
    throw new WordError('expected a space after the string', end + 1);
  }
  return { text: parseString(raw, at), end };
}

function parseString(raw: string, at: number): string {
  try {
    return String(JSON.parse(raw));
  } catch {
    throw new WordError('not a JSON string (escapes are \\" \\\\ \\n \\t \\u0041)', at + 1);
  }
}

function readBare(line: string, at: number): { text: string; end: number } {
  BARE.lastIndex = at;
  const text = BARE.exec(line)?.[0] ?? '';
  const end = at + text.length;
  if (line.charAt(end) === '"') throw new WordError('expected a space before the string', end + 1);
  return { text, end };
}

function escapeChar(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
