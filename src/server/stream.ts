/**
 * What has changed, to everybody who listens. The folders are looked at once for all listeners, and only while there is one. A listener that is
 * slow gets the newest state, not a queue.
 */
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { SERVE_SCHEMA, type StreamMessage } from './api.js';
import type { Source } from './source.js';

const LOOK_MS = 1_000;
/** Proxies close connections that say nothing for a minute. */
const HEARTBEAT_MS = 15_000;
export const LISTENERS_MAX = 100;

interface News {
  readonly id: number;
  readonly data: string;
}

export class Watcher {
  private readonly listeners = new Set<Listener>();
  private timer: NodeJS.Timeout | null = null;
  private news: News = { id: 0, data: '' };

  constructor(
    private readonly source: Pick<Source, 'campaigns' | 'hub'>,
    private readonly version: string,
    private readonly heartbeatMs = HEARTBEAT_MS,
  ) {}

  get count(): number {
    return this.listeners.size;
  }

  /** null: there are too many. The state of now is the first that the listener gets. */
  listen(): Listener | null {
    if (this.listeners.size >= LISTENERS_MAX) return null;
    const listener = new Listener(this.heartbeatMs, () => this.leave(listener));
    this.listeners.add(listener);
    this.look();
    listener.tell(this.news);
    this.timer ??= setInterval(() => this.look(), LOOK_MS);
    return listener;
  }

  /** Ends every stream. */
  close(): void {
    for (const listener of [...this.listeners]) listener.close();
  }

  private leave(listener: Listener): void {
    this.listeners.delete(listener);
    if (this.listeners.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }

  private look(): void {
    const message: StreamMessage = {
      schema: SERVE_SCHEMA,
      version: this.version,
      campaigns: this.source.campaigns(),
      hub: this.source.hub(),
    };
    const data = JSON.stringify(message);
    if (data === this.news.data) return;
    this.news = { id: this.news.id + 1, data };
    for (const listener of this.listeners) listener.tell(this.news);
  }
}

/** One open stream. */
export class Listener {
  private latest: News | null = null;
  private wake: (() => void) | null = null;
  private isClosed = false;

  constructor(
    private readonly heartbeatMs: number,
    private readonly onClose: () => void,
  ) {}

  tell(news: News): void {
    this.latest = news;
    this.wake?.();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.onClose();
    this.wake?.();
  }

  /** The newest state that was not taken yet; `beat` after a silence; null when it is over. */
  async next(): Promise<News | 'beat' | null> {
    if (this.latest === null && !this.isClosed) await this.pause();
    if (this.isClosed) return null;
    const { latest } = this;
    this.latest = null;
    return latest ?? 'beat';
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake?.(), this.heartbeatMs);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
    });
  }
}

/** Answers with server-sent events until the client or the server closes. */
export function streamTo(c: Context, watcher: Watcher): Response {
  // The answer to HEAD has no body that could end.
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' });
  const listener = watcher.listen();
  if (listener === null) {
    c.header('Retry-After', '10');
    return c.json({ error: `${LISTENERS_MAX} pages listen already` }, 503);
  }
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => listener.close());
    try {
      for (;;) {
        const news = await listener.next();
        if (news === null) return;
        if (news === 'beat') await stream.write(': still here\n\n');
        else await stream.writeSSE({ event: 'state', id: String(news.id), data: news.data });
      }
    } finally {
      listener.close();
    }
  });
}
