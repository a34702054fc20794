/** A helper thread of a search: it walks parts of the space that others give away, on the same set of visited states. */
import { type MessagePort, workerData } from 'node:worker_threads';
import { Search, type SearchEvent } from '../executor/search.js';
import { Visited } from '../executor/visited.js';
import { countsOf, reachedSites } from './counts.js';
import { type FromHelper, type HelperSetup, SLICE, type ToHelper } from './protocol.js';

// Piscina hands over [its own data, ours].
const setup = (Array.isArray(workerData) ? workerData[1] : workerData) as HelperSetup;

class Helper {
  private readonly search: Search;
  private busy = false;
  private halted = false;
  private ended = false;
  private wake: () => void = () => {};

  constructor(private readonly port: MessagePort) {
    this.search = new Search({ ...setup.search, visited: new Visited(setup.memory) });
    port.on('message', (message: ToHelper) => {
      this.hear(message);
      this.wake();
    });
  }

  /** Until the search is over. */
  async run(): Promise<void> {
    while (!this.ended) {
      if (this.busy && !this.halted) {
        const event = this.search.run(SLICE);
        if (setup.search.liveness) this.say({ type: 'edges', records: this.search.takeEdges() });
        this.tell(event);
      } else
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      // Lets messages in.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.port.close();
  }

  private say(message: FromHelper): void {
    this.port.postMessage(message);
  }

  private hear(message: ToHelper): void {
    if (message.type === 'end') this.ended = true;
    else if (message.type === 'pass') {
      this.search.teach(message.learned);
      this.search.start();
      this.busy = this.halted = false;
    } else if (message.type === 'work') {
      this.busy = true;
      if (!this.search.adopt(message.path)) {
        this.halted = true;
        this.say({ type: 'restart', learned: this.search.learned() });
      }
    } else if (message.type === 'share') this.say({ type: 'shared', path: this.busy ? this.search.share() : null });
    else if (message.type === 'known') this.search.executor.acknowledge(message.finding);
    else if (message.type === 'go') this.halted = false;
    else if (message.type === 'halt') {
      this.halted = true;
      const path = this.busy ? this.search.path() : new Uint8Array();
      this.say({ type: 'halted', path, counts: countsOf(this.search) });
    }
  }

  private tell(event: SearchEvent): void {
    if (event === 'more') this.say({ type: 'counts', counts: countsOf(this.search) });
    else if (event === 'finding') this.say({ type: 'violations', violations: this.search.violations() });
    else if (event === 'order') this.say({ type: 'order', schedule: this.search.schedule() });
    else {
      // Each of these ends its turn: the main thread says how to go on.
      if (event === 'finished') {
        this.busy = false;
        this.say({
          type: 'idle',
          counts: countsOf(this.search),
          reached: reachedSites(this.search.executor),
          observed: this.search.executor.observed(),
        });
        return;
      }
      this.halted = true;
      if (event === 'restart') this.say({ type: 'restart', learned: this.search.learned() });
      else if (event === 'visited-full') this.say({ type: 'visited-full' });
      else if (event !== 'target') this.say({ type: 'cut', event });
    }
  }
}

export default async function help({ port }: { readonly port: MessagePort }): Promise<void> {
  await new Helper(port).run();
}
