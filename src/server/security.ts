/**
 * Who may ask, and what a browser may do with the answer. On a loopback address the Host header must name one: a page of elsewhere whose name
 * was bound to 127.0.0.1 (DNS rebinding) is refused. With a token, each request must bring it: once in the address, then as a cookie, or as
 * `Authorization: Bearer`.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

export interface Access {
  /** Only requests whose Host names this machine are answered. */
  readonly loopbackOnly: boolean;
  /** null: none is needed. */
  readonly token: string | null;
}

const POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** Headers of every answer, refusals included. */
export const withHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
};

/** Nothing here is changed by a request. */
export const readOnly: MiddlewareHandler = async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
  c.header('Allow', 'GET, HEAD');
  return c.json({ error: `${c.req.method} is not answered: the server only shows` }, 405);
};

export function guarded({ loopbackOnly, token }: Access): MiddlewareHandler {
  const gate = token === null ? null : new Gate(token);
  return async (c, next) => {
    const host = c.req.header('host') ?? new URL(c.req.url).host;
    if (loopbackOnly && !LOOPBACK.test(host)) {
      const hint = 'Ask for localhost or 127.0.0.1; for other names start heddle serve with --host.';
      return c.json({ error: 'the Host header names another machine', hint }, 403);
    }
    if (gate === null) return next();
    const given = c.req.query('token');
    if (given !== undefined) return gate.letIn(c, given);
    if (gate.admits(c)) return next();
    c.header('WWW-Authenticate', 'Bearer');
    const hint = 'Open the address that heddle serve has printed, with ?token=…, or send Authorization: Bearer ….';
    return c.json({ error: 'a token is needed', hint }, 401);
  };
}

class Gate {
  /** Cookies do not tell ports apart: two servers of one host need two names. */
  private readonly cookie: string;
  /** The cookie does not hold the token itself. */
  private readonly session: string;

  constructor(private readonly token: string) {
    this.session = digest(`session ${token}`).toString('hex');
    this.cookie = `heddle-${digest(`name ${token}`).toString('hex').slice(0, 8)}`;
  }

  admits(c: Context): boolean {
    const [, bearer] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
    if (bearer !== undefined) return same(bearer, this.token);
    return same(getCookie(c, this.cookie) ?? '', this.session);
  }

  /** The token moves from the address, which browsers keep and show, into a cookie. */
  letIn(c: Context, given: string): Response {
    if (!same(given, this.token)) return c.json({ error: 'this is not the token' }, 401);
    setCookie(c, this.cookie, this.session, { httpOnly: true, sameSite: 'Lax', path: '/' });
    const url = new URL(c.req.url);
    url.searchParams.delete('token');
    // Only path and query: behind a proxy, host and scheme are not known here.
    return c.redirect(`${url.pathname.replace(/^\/+/, '/')}${url.search}`, 303);
  }
}

/** Compares hashes of equal length, in a time that does not depend on where they differ. */
function same(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
