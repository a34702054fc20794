/** What the page knows: the server's stream, and answers that are fetched once they are wanted. */
import { useEffect, useState } from 'preact/hooks';
import type { CampaignView, ErrorView, SeriesPoint, StreamMessage } from '../../src/server/api.js';

export interface Live {
  /** null: nothing has come yet. */
  readonly message: StreamMessage | null;
  /** false: the server does not answer; the browser tries again by itself. */
  readonly isConnected: boolean;
}

const RETRY_MS = 3_000;

/** Nobody is told while the page is hidden: a browser has few connections to one server, and the server looks for nobody. */
export function useStream(): Live {
  const [live, setLive] = useState<Live>({ message: null, isConnected: true });
  useEffect(() => {
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const disconnect = (): void => {
      clearTimeout(timer);
      source?.close();
      source = null;
    };
    const connect = (): void => {
      disconnect();
      if (document.hidden) return;
      const made = new EventSource('api/stream');
      source = made;
      made.addEventListener('state', (event) => {
        setLive({ message: JSON.parse(event.data) as StreamMessage, isConnected: true });
      });
      made.addEventListener('open', () => setLive((old) => ({ ...old, isConnected: true })));
      made.addEventListener('error', () => {
        setLive((old) => ({ ...old, isConnected: false }));
        // A refusal ends an EventSource for good.
        if (made.readyState === EventSource.CLOSED) timer = setTimeout(connect, RETRY_MS);
      });
    };
    connect();
    document.addEventListener('visibilitychange', connect);
    return () => {
      document.removeEventListener('visibilitychange', connect);
      disconnect();
    };
  }, []);
  return live;
}

export interface Fetched<T> {
  readonly data: T | null;
  readonly problem: string;
}

/** Fetches anew whenever `url` or `key` changes; what was there stays until the answer comes, unless `url` is another. null: nothing. */
export function useFetched<T>(url: string | null, key: unknown = ''): Fetched<T> {
  const [state, setState] = useState<Fetched<T> & { readonly url: string | null }>({ data: null, problem: '', url });
  useEffect(() => {
    if (url === null) return;
    const controller = new AbortController();
    get<T>(url, controller.signal).then(
      (data) => setState({ data, problem: '', url }),
      (error: Error) => {
        if (!controller.signal.aborted) setState({ data: null, problem: error.message, url });
      },
    );
    return () => controller.abort();
  }, [url, key]);
  return state.url === url ? state : { data: null, problem: '' };
}

async function get<T>(url: string, signal: AbortSignal): Promise<T> {
  const answer = await fetch(url, { signal });
  const body: unknown = await answer.json();
  if (answer.ok) return body as T;
  const { error, hint } = body as ErrorView;
  throw new Error(hint === undefined ? error : `${error}. ${hint}`);
}

/** The series of the folder, and what the stream has told since. */
export function useSeries(campaign: CampaignView): readonly SeriesPoint[] {
  const { id, at, status } = campaign;
  const { data } = useFetched<{ readonly points: readonly SeriesPoint[] }>(`api/campaigns/${id}/series`, useReturns());
  const [points, setPoints] = useState<{ readonly id: string; readonly list: readonly SeriesPoint[] }>({
    id,
    list: [],
  });
  useEffect(() => {
    if (data) setPoints({ id, list: data.points });
  }, [data]);
  useEffect(() => {
    if (!status || at === null || data === null) return;
    setPoints((old) =>
      old.id === id ? { id, list: extended(old.list, { ...status, at, total: status.executions }) } : old,
    );
  }, [at, data]);
  return points.id === id ? points.list : [];
}

/** How often the page came back into sight: what the stream has told meanwhile was not heard. */
function useReturns(): number {
  const [returns, setReturns] = useState(0);
  useEffect(() => {
    const count = (): void => {
      if (!document.hidden) setReturns((old) => old + 1);
    };
    document.addEventListener('visibilitychange', count);
    return () => document.removeEventListener('visibilitychange', count);
  }, []);
  return returns;
}

/** Points that are drawn; with twice as many, every second one of the older half goes. */
const POINTS_MAX = 4000;

function extended(list: readonly SeriesPoint[], next: SeriesPoint): readonly SeriesPoint[] {
  const last = list.at(-1);
  if (last && next.at <= last.at) return list;
  const before = last ? last.total - last.executions : 0;
  const ended = last && next.executions < last.executions ? last.executions : 0;
  const point = { ...next, total: before + ended + next.executions };
  const kept = list.length < POINTS_MAX ? list : list.filter((_, i) => i % 2 === 0 || i > POINTS_MAX / 2);
  return [...kept, point];
}
