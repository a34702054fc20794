/** Answers that cost something, kept while what they were made from stays the same. */

/** So many answers; the one that was not asked for longest goes first. */
const ANSWERS_MAX = 4096;

export class Memo<T> {
  private readonly answers = new Map<string, { readonly print: string; readonly value: T }>();

  /** The answer for `key`, made anew if `print` differs from the last time. */
  of(key: string, print: string, make: () => T): T {
    const kept = this.answers.get(key);
    this.answers.delete(key);
    const answer = kept?.print === print ? kept : { print, value: make() };
    this.answers.set(key, answer);
    if (this.answers.size > ANSWERS_MAX) {
      const [oldest] = this.answers.keys();
      if (oldest !== undefined) this.answers.delete(oldest);
    }
    return answer.value;
  }
}
