/** The server as a function from requests to answers; nothing here listens. docs/serve.md describes every address. */
import { Hono } from 'hono';
import type { Context } from 'hono';
import { HeddleError } from '../errors.js';
import { type ErrorView, SERVE_SCHEMA } from './api.js';
import type { Assets } from './assets.js';
import { ENTRY_ID, ROWS_MAX } from './corpus.js';
import { FINDING_ID, UnreadableError } from './findings.js';
import { BusyError, TimeError } from './inspections.js';
import { metricsOf } from './metrics.js';
import { type Access, guarded, readOnly, withHeaders } from './security.js';
import type { RunName, Source } from './source.js';
import { streamTo, type Watcher } from './stream.js';

export interface AppOptions {
  readonly source: Source;
  readonly access: Access;
  readonly assets: Assets;
  readonly watcher: Watcher;
  /** Of Heddle. */
  readonly version: string;
  /** Told what no request should be able to cause. */
  readonly log: (message: string) => void;
}

const CAMPAIGN_ID = /^[0-9a-f]{12}$/;
const FILTER_MAX = 100;

export function createApp({ source, access, assets, watcher, version, log }: AppOptions): Hono {
  const app = new Hono();
  app.use(withHeaders, readOnly, guarded(access));
  for (const [path, { type, body }] of assets) app.get(path, (c) => c.body(body, 200, { 'Content-Type': type }));

  const api = new Hono();
  api.get('/campaigns', (c) => c.json({ schema: SERVE_SCHEMA, version, campaigns: source.campaigns() }));
  api.get('/campaigns/:id', (c) => answer(c, source.campaign(campaignId(c))));
  api.get('/campaigns/:id/series', (c) => answer(c, source.series(campaignId(c)), 'points'));
  api.get('/campaigns/:id/findings', (c) => answer(c, source.campaign(campaignId(c))?.findings ?? null, 'findings'));
  api.get('/campaigns/:id/findings/:name', (c) => answer(c, source.finding(campaignId(c), findingId(c))));
  api.get('/campaigns/:id/findings/:name/explanation', async (c) =>
    answer(c, await source.explanation(campaignId(c), findingId(c))),
  );
  api.get('/campaigns/:id/findings/:name/run', (c) => run(c, { of: 'finding', id: findingId(c) }));
  api.get('/campaigns/:id/corpus', (c) => {
    const filter = (c.req.query('filter') ?? '').slice(0, FILTER_MAX);
    const query = { offset: wholeNumber(c, 'offset', 0), limit: wholeNumber(c, 'limit', 50, ROWS_MAX), filter };
    return answer(c, source.corpus(campaignId(c), query));
  });
  api.get('/campaigns/:id/corpus/:name', (c) => answer(c, source.entry(campaignId(c), entryId(c))));
  api.get('/campaigns/:id/corpus/:name/run', (c) => run(c, { of: 'entry', id: entryId(c) }));
  api.get('/hub', (c) => c.json({ schema: SERVE_SCHEMA, hub: source.hub() }));
  api.get('/stream', (c) => streamTo(c, watcher));
  app.route('/api', api);

  app.get('/metrics', async (c) => {
    const { type, text } = await metricsOf(source);
    return c.body(text, 200, { 'Content-Type': type });
  });
  app.notFound((c) => c.json({ error: 'there is nothing at this address' }, 404));
  app.onError((error, c) => {
    const { code, view } = errorOf(error);
    if (code === 500) log(`internal error: ${error.stack ?? error.message}`);
    return c.json(view, code);
  });
  return app;

  async function run(c: Context, name: RunName): Promise<Response> {
    return answer(c, await source.run(campaignId(c), name), 'run');
  }
}

class NotThere extends Error {}
class BadRequest extends Error {}

/** An object is answered with the schema beside its fields, anything else under `name`. */
function answer(c: Context, value: object | null | unknown, name?: string): Response {
  if (value === null || value === undefined) throw new NotThere();
  return c.json({ schema: SERVE_SCHEMA, ...(name === undefined ? (value as object) : { [name]: value }) });
}

const campaignId = (c: Context): string => named(c.req.param('id'), CAMPAIGN_ID);
const findingId = (c: Context): string => named(c.req.param('name'), FINDING_ID);
const entryId = (c: Context): string => named(c.req.param('name'), ENTRY_ID);

/** What does not look like a name is not there; it goes no further. */
function named(text: string | undefined, form: RegExp): string {
  if (text === undefined || !form.test(text)) throw new NotThere();
  return text;
}

function wholeNumber(c: Context, name: string, byDefault: number, max = Number.MAX_SAFE_INTEGER): number {
  const text = c.req.query(name) ?? String(byDefault);
  if (!/^\d{1,15}$/.test(text) || Number(text) > max) {
    throw new BadRequest(`${name} must be a whole number from 0${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ''}`);
  }
  return Number(text);
}

type ErrorCode = 400 | 404 | 422 | 500 | 503 | 504;

function errorOf(error: unknown): { readonly code: ErrorCode; readonly view: ErrorView } {
  const { message } = error as Error;
  if (error instanceof NotThere) return { code: 404, view: { error: 'there is nothing of this name' } };
  if (error instanceof BadRequest) return { code: 400, view: { error: message } };
  if (error instanceof BusyError) return { code: 503, view: { error: message } };
  if (error instanceof TimeError) return { code: 504, view: { error: message } };
  if (error instanceof UnreadableError) return { code: 422, view: { error: message } };
  if (error instanceof HeddleError) {
    const { hint } = error;
    return { code: 422, view: { error: message, ...(hint === undefined ? {} : { hint }) } };
  }
  // What the disk says of a folder that changes while it is read.
  if ((error as NodeJS.ErrnoException).code !== undefined) return { code: 422, view: { error: message } };
  return { code: 500, view: { error: 'this is a bug of Heddle; the terminal of heddle serve has more' } };
}
