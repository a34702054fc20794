/** Lets so many callers go on at once; the others wait in the order in which they came. */
export class Turns {
  private readonly waiting: (() => void)[] = [];

  constructor(private places: number) {}

  /** Resolves when the caller may go on. It calls `done` once afterwards. */
  async begin(): Promise<void> {
    if (this.places > 0) {
      this.places -= 1;
      return;
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Hands the caller's place to the next one. */
  done(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.places += 1;
  }
}
