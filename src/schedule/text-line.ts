/**
 * One line of a schedule's text as a stream of words, with errors that name the place, what was expected, and a line
 * to copy. Used by `text.ts` only.
 */
import { type Diagnostic, HeddleError } from '../errors.js';
import type { SiteRef, TaskPath } from './schedule.js';
import { siteOfWords } from './site.js';
import { INT_MAX, INT_MIN, isInt, isTaskPath } from './validate.js';
import { splitWords, type Word, WordError } from './words.js';

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ['heddle-schedule', 'heddle-schedule 1'],
  ['model', 'model iommu'],
  ['design', 'design v6.6'],
  ['scene', 'scene walk-client'],
  ['option', 'option kdump 1'],
  ['event', 'event register 0'],
  ['switch', 'switch 1 of_iommu_configure load DevIommu.fwspec #1 *2 -> 0'],
  ['choose', 'choose 1 smmu_probe_device fault "no memory" = 1'],
]);
const KEYWORDS = [...EXAMPLES.keys()].join(', ');
const INT = /^[-+]?\d{1,10}$/;
const OCCURRENCE = /^\*\d{1,10}$/;

/** Throws the syntax error of that place. */
export function fail(place: Place, message: string, example?: string): never {
  const hint = example === undefined ? undefined : `For example: ${example}`;
  const diagnostic: Diagnostic = hint === undefined ? { ...place, message } : { ...place, message, hint };
  const text = `${place.file}:${place.line}:${place.column}: ${message}`;
  throw new HeddleError('HDL_SCHEDULE_SYNTAX', text, {
    ...(hint === undefined ? {} : { hint }),
    diagnostics: [diagnostic],
  });
}

export class LineReader {
  private readonly words: readonly Word[];
  private next = 0;

  constructor(
    private readonly text: string,
    private readonly at: Omit<Place, 'column'>,
  ) {
    this.words = this.split();
  }

  get isEmpty(): boolean {
    return this.words.length === 0;
  }

  /** Where the line's first word stands. */
  get start(): Place {
    return { ...this.at, column: this.words[0]?.column ?? 1 };
  }

  /** Where the word read last stands. */
  get place(): Place {
    return { ...this.at, column: this.words[Math.max(0, this.next - 1)]?.column ?? 1 };
  }

  /** Throws about the word read last. */
  fail(message: string): never {
    fail(this.place, message, this.example());
  }

  failKeyword(): never {
    const word = this.words[0]?.text ?? '';
    fail(this.start, `unknown line ${show(word)}; a line starts with one of ${KEYWORDS}`, EXAMPLES.get('switch'));
  }

  keyword(): string {
    const word = this.take('a keyword');
    return word.quoted ? '' : word.text;
  }

  name(what: string): string {
    const word = this.take(what);
    if (!word.quoted && word.text.startsWith('#')) {
      this.fail(
        `expected ${what}, got ${show(word.text)}; a comment needs a space after #, a name with # needs quotes`,
      );
    }
    return word.text;
  }

  int(what: string, min = INT_MIN, max = INT_MAX): number {
    const word = this.take(what);
    // Adding 0 makes -0 the plain 0.
    const value = !word.quoted && INT.test(word.text) ? Number(word.text) + 0 : Number.NaN;
    if (!isInt(value, min, max))
      this.fail(`expected ${what}, an integer from ${min} to ${max}, got ${show(word.text)}`);
    return value;
  }

  /** All that is left of the line. */
  ints(what: string): number[] {
    const values: number[] = [];
    while (this.next < this.words.length) values.push(this.int(what));
    return values;
  }

  task(what: string): TaskPath {
    const word = this.take(what);
    if (word.quoted || !isTaskPath(word.text)) {
      this.fail(
        `expected ${what} (an event's position from 0, or a spawn of a task: 1 or 1.0), got ${show(word.text)}`,
      );
    }
    return word.text;
  }

  /** The words before the mark, without an occurrence. */
  siteBefore(mark: string): SiteRef {
    const first = this.next;
    const end = this.words.findIndex((word, i) => i >= first && !word.quoted && word.text === mark);
    if (end < 0) {
      this.next = this.words.length;
      this.fail(`expected ${mark} after the site`);
    }
    const words = this.words.slice(first, end);
    const last = words.at(-1);
    if (last !== undefined && isOccurrence(last)) words.pop();
    const site = siteOfWords(words);
    if ('message' in site) {
      this.next = first + site.at + 1;
      this.fail(site.message);
    }
    this.next = first + words.length;
    return site;
  }

  /** `*2` if it is there, else 1. */
  occurrence(): number {
    const word = this.words[this.next];
    if (word === undefined || !isOccurrence(word)) return 1;
    this.next += 1;
    const value = Number(word.text.slice(1));
    if (!isInt(value, 1, INT_MAX)) this.fail(`the occurrence must be an integer from 1 to ${INT_MAX}`);
    return value;
  }

  symbol(mark: string): void {
    const word = this.take(mark);
    if (word.quoted || word.text !== mark) this.fail(`expected ${mark}, got ${show(word.text)}`);
  }

  end(): void {
    if (this.next === this.words.length) return;
    this.next += 1;
    this.fail('expected the end of the line; a comment starts with # and a space');
  }

  private example(): string | undefined {
    return EXAMPLES.get(this.words[0]?.text ?? '');
  }

  private take(what: string): Word {
    const word = this.words[this.next];
    if (word === undefined) {
      fail({ ...this.at, column: this.text.trimEnd().length + 1 }, `expected ${what}`, this.example());
    }
    this.next += 1;
    return word;
  }

  private split(): Word[] {
    try {
      return splitWords(this.text);
    } catch (error) {
      if (!(error instanceof WordError)) throw error;
      return fail({ ...this.at, column: error.column }, error.message);
    }
  }
}

function isOccurrence(word: Word): boolean {
  return !word.quoted && OCCURRENCE.test(word.text);
}

/** Hostile words can be long. */
function show(word: string): string {
  return JSON.stringify(word.length > 60 ? `${word.slice(0, 60)}…` : word);
}
