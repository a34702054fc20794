/**
 * The address of a hub, and the files of a login: all that can be known to be wrong before there is a connection. An address may hold a
 * password. So one that is right is shown without its login, and of one that is wrong nothing is shown that could be a part of it.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { HeddleError } from '../../errors.js';
import { printable } from '../../printable.js';

export interface HubAddress {
  /** `nats://host:4222`, `tls://…`, several with commas between them; user and password may stand in it. */
  readonly url: string;
  /** File with a user's JWT and seed, as `nsc` makes it. */
  readonly credentials?: string;
  /** File with the certificates of the authority that signed the server's. */
  readonly ca?: string;
  /** Files with the client's certificate and key, for servers that ask for them. */
  readonly certificate?: string;
  readonly key?: string;
}

export type Login = { readonly user: string; readonly pass: string } | { readonly token: string };

export interface Servers {
  /** With their schemes, without login. */
  readonly urls: readonly string[];
  readonly isTls: boolean;
  readonly login: Login | null;
}

/** What the files of an address hold. */
export interface LoginFiles {
  readonly credentials?: Uint8Array;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
}

const SERVER =
  /^(?<scheme>nats|tls):\/\/(?:(?<user>[^\s@:/,]*)(?::(?<pass>[^\s@:/,]*))?@)?(?<host>(?:\[[\da-f:.]+\]|[\p{L}\p{N}._-]+)(?::(?<port>\d+))?)\/?$/iu;
/** Without `@`, and with nothing behind a colon but digits: no login can be in it, unless one took a host's place. */
const WITHOUT_LOGIN = /^(?:\w+:)?\/*[^:@]*(?::\d*)?$/;
const HINT = 'write nats://host:4222 or tls://host:4222';
const LOGIN_HINT = [
  `${HINT}; a login stands before the host and an @, and in it every character but letters and digits is safe only`,
  'percent-encoded: %2F for /, %2C for a comma, %40 for @, %3A for a colon, %25 for %',
].join(' ');

/** @throws HeddleError HDL_USAGE; its text holds nothing of a login. */
export function serversOf(url: string): Servers {
  const parts = url.split(',').map((part) => SERVER.exec(part.trim())?.groups);
  const urls: string[] = [];
  const logins: (Login | null)[] = [];
  for (const part of parts) {
    if (!part || Number(part['port'] ?? 0) > 65_535) throw noAddress(url);
    const { scheme = '', host = '', user, pass } = part;
    urls.push(`${scheme.toLowerCase()}://${host}`);
    logins.push(user === undefined ? null : loginOf(user, pass));
  }
  const given = logins.filter((login) => login !== null);
  if (new Set(given.map((login) => JSON.stringify(login))).size > 1) {
    throw new HeddleError('HDL_USAGE', `the servers ${urls.join(',')} of the hub have different logins`, {
      hint: `the servers of a cluster take one: give it once. If that is one server, ${LOGIN_HINT}`,
    });
  }
  return { urls, isTls: urls.some((one) => one.startsWith('tls:')), login: given[0] ?? null };
}

/** The address without its login. */
export function shownUrl(url: string): string {
  try {
    return serversOf(url).urls.join(',');
  } catch {
    return '(an address that is not shown)';
  }
}

/** @throws HeddleError HDL_USAGE naming the flag, the file and what is wrong with it. */
export function filesOf(
  { credentials, ca, certificate, key }: Omit<HubAddress, 'url'>,
  checkCredentials: (bytes: Uint8Array) => void,
): LoginFiles {
  const text = (what: string, file: string, check: (bytes: Buffer) => unknown): string =>
    read(what, file, check).toString('utf8');
  const files: LoginFiles = {
    ...(credentials === undefined ? {} : { credentials: read('credentials', credentials, checkCredentials) }),
    ...(ca === undefined ? {} : { ca: text('ca', ca, (pem) => new X509Certificate(pem)) }),
    ...(certificate === undefined
      ? {}
      : { certificate: text('certificate', certificate, (pem) => new X509Certificate(pem)) }),
    ...(key === undefined ? {} : { key: text('key', key, (pem) => createPrivateKey(pem)) }),
  };
  if ((certificate === undefined) !== (key === undefined)) {
    const [one, other] = key === undefined ? ['certificate', 'key'] : ['key', 'certificate'];
    throw new HeddleError('HDL_USAGE', `--hub-${one} is nothing without --hub-${other}`, { hint: 'name both files' });
  }
  try {
    createSecureContext({ cert: files.certificate, key: files.key });
  } catch (cause) {
    const message = `--hub-certificate ${certificate} and --hub-key ${key} do not belong together: ${(cause as Error).message}`;
    throw new HeddleError('HDL_USAGE', message, { hint: 'name the key that the certificate was made for', cause });
  }
  return files;
}

function noAddress(url: string): HeddleError {
  if (url === '') return new HeddleError('HDL_USAGE', 'an empty word is no address of a hub', { hint: HINT });
  if (WITHOUT_LOGIN.test(url)) {
    return new HeddleError('HDL_USAGE', `${printable(url)} is no address of a hub`, { hint: HINT });
  }
  const message = 'this is no address of a hub, or one of them is none; it is not shown, since a login may be in it';
  return new HeddleError('HDL_USAGE', message, { hint: LOGIN_HINT });
}

/** User and password, or a token. */
function loginOf(user: string, pass: string | undefined): Login {
  try {
    const [first, second] = [decodeURIComponent(user), pass === undefined ? null : decodeURIComponent(pass)];
    return second === null ? { token: first } : { user: first, pass: second };
  } catch {
    throw new HeddleError('HDL_USAGE', 'the login in the address of the hub is not rightly percent-encoded', {
      hint: 'after a % come two hexadecimal digits of UTF-8; a % itself is written %25',
    });
  }
}

function read(what: string, file: string, check: (bytes: Buffer) => unknown): Buffer {
  const wrong = (why: string, cause?: unknown): HeddleError =>
    new HeddleError('HDL_USAGE', `--hub-${what} ${file}: ${why}`, { hint: 'check the path', cause });
  let bytes: Buffer;
  try {
    const stats: Stats | undefined = statSync(file, { throwIfNoEntry: false });
    if (!stats) throw wrong('there is no such file');
    if (!stats.isFile()) throw wrong('this is a folder, a pipe or a device, no file');
    bytes = readFileSync(file);
  } catch (cause) {
    throw cause instanceof HeddleError ? cause : wrong((cause as Error).message, cause);
  }
  try {
    check(bytes);
  } catch (cause) {
    throw wrong(`${WANTED[what]} was expected in it: ${(cause as Error).message}`, cause);
  }
  return bytes;
}

const WANTED: Readonly<Record<string, string>> = {
  credentials: 'a user’s JWT and seed, as nsc writes them,',
  ca: 'a certificate (PEM)',
  certificate: 'a certificate (PEM)',
  key: 'a private key (PEM) without a passphrase',
};
