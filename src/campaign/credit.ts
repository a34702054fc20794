/**
 * How much of a campaign's work the exhaustive search may have: as much as the samplers at first, up to a head start in which small scenes
 * are done; then the share that the bandit gives it. Work is counted in points of the executor.
 */

/** As many points as a transition costs, where time does not count: it depends on the model. */
const TRANSITION_POINTS = 20;
/** Work of the samplers before the search begins: half a second or so. A bug that they find at once needs no second artefact. */
const BEGIN_POINTS = 4_000_000;
/** The head start: some seconds. */
const START_POINTS = 45_000_000;
/** The search's least share: what bugs need that are deep in a scene of some ten million states. */
const SHARE_MIN = 0.05;

export class Credit {
  private sampled = 0;
  private sampledMs = 0;
  private start = START_POINTS;
  private balance = 0;

  /** `timed`: costs follow the clock; else the same counts give the same decisions. */
  constructor(private readonly timed: boolean) {}

  /** The samplers have worked long enough. */
  get hasBegun(): boolean {
    return this.sampled >= BEGIN_POINTS;
  }
  /** The search's turn. */
  get isDue(): boolean {
    return this.balance > 0;
  }

  /** The samplers did work worth `points` in so many milliseconds of one thread; the search can use its share of that if `isReady`. */
  earn(points: number, ms: number, share: number, isReady: boolean): void {
    this.sampled += points;
    this.sampledMs += ms;
    if (!isReady) return;
    const first = Math.min(points, this.start);
    this.start -= first;
    const part = Math.max(SHARE_MIN, share);
    this.balance += first + (points - first) * (part / (1 - part));
  }

  /** The search has worked. Answers what it cost, in points. */
  spend(transitions: number, ms: number): number {
    const cost =
      this.timed && this.sampledMs > 0 ? (ms * this.sampled) / this.sampledMs : transitions * TRANSITION_POINTS;
    this.balance -= cost;
    return cost;
  }
}
