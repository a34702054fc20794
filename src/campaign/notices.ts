/** What a campaign warns of once, however often it happens. */
export class Notices {
  private readonly told = new Set<string>();

  constructor(private readonly warn: (message: string) => void) {}

  /** @param tables `fullTables` of a worker. */
  fullTables(tables: readonly string[]): void {
    for (const table of tables) {
      if (this.told.has(table)) continue;
      this.told.add(table);
      this.warn(
        `the costly oracles have not judged all of an execution: it needs more than there is room for: ${table}`,
      );
    }
  }
}
