/** The connection to NATS. The client is an optional dependency, loaded when a hub is named. */
import { existsSync, readFileSync } from 'node:fs';
import type { NatsConnection } from '@nats-io/transport-node';
import { HeddleError } from '../../errors.js';

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

/** How long a first connection may take, and one request. */
export const REQUEST_MS = 5_000;

/**
 * What can be known to be wrong before there is a connection.
 *
 * @throws HeddleError HDL_USAGE for the address or a file, HDL_CONFIG if the client is not installed.
 */
export async function checkAddress({ url, ...files }: HubAddress): Promise<void> {
  await loadTransport();
  serversOf(url);
  for (const [what, file] of Object.entries(files)) read(file, what);
}

/**
 * Connects once; from then on the client reconnects by itself, for ever.
 *
 * @throws HeddleError HDL_USAGE if the address or a file is wrong, HDL_IO if the server is not there or speaks something else.
 */
export async function connectHub(address: HubAddress): Promise<NatsConnection> {
  const { connect, credsAuthenticator } = await loadTransport();
  const servers = serversOf(address.url);
  const { credentials, ca, certificate, key } = address;
  const isTls = servers.some((server) => server.startsWith('tls://')) || ca !== undefined || certificate !== undefined;
  const login = loginOf(address.url);
  const options = {
    servers: servers.map((server) => server.replace(/\/\/[^@/]*@/, '//')),
    name: 'heddle',
    timeout: REQUEST_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 1_000,
    ...(login ?? {}),
    ...(credentials === undefined ? {} : { authenticator: credsAuthenticator(read(credentials, 'credentials')) }),
    ...(isTls
      ? {
          tls: {
            ...(ca === undefined ? {} : { ca: text(ca, 'ca') }),
            ...(certificate === undefined ? {} : { cert: text(certificate, 'cert') }),
            ...(key === undefined ? {} : { key: text(key, 'key') }),
          },
        }
      : {}),
  };
  try {
    return await connect(options);
  } catch (cause) {
    throw new HeddleError('HDL_IO', `cannot connect to the hub ${shownUrl(address.url)}: ${reasonOf(cause)}`, {
      hint: 'is it a NATS server with JetStream (nats-server -js), and may you log in to it?',
      cause,
    });
  }
}

/** The address without what is secret in it. */
export const shownUrl = (url: string): string => url.replaceAll(/\/\/[^@/,]*@/g, '//');

/** One line of what a client's error says; those of sockets have an empty message and a cause. */
export function reasonOf(error: unknown): string {
  const { message, cause, code } = error as Error & { code?: string };
  const inner = cause === undefined ? '' : reasonOf(cause);
  return [message, inner, code].find((text) => text !== undefined && text !== '') ?? String(error);
}

async function loadTransport(): Promise<typeof import('@nats-io/transport-node')> {
  try {
    return await import('@nats-io/transport-node');
  } catch (cause) {
    throw new HeddleError('HDL_CONFIG', 'the NATS client is not installed, so there is no --hub', {
      hint: 'npm install @nats-io/transport-node@3.3.1 @nats-io/jetstream@3.3.1 @nats-io/kv@3.3.1',
      cause,
    });
  }
}

function serversOf(url: string): string[] {
  const servers = url.split(',').map((server) => server.trim());
  const wrong = servers.find((server) => !/^(nats|tls):\/\/[^\s/]+\/?$/.test(server));
  if (wrong === undefined) return servers;
  throw new HeddleError('HDL_USAGE', `${shownUrl(wrong)} is no address of a hub`, {
    hint: 'write nats://host:4222, or tls://host:4222',
  });
}

/** User and password, or a token, of the address. */
function loginOf(url: string): { user: string; pass: string } | { token: string } | null {
  const found = /\/\/([^@/:,]*)(?::([^@/,]*))?@/.exec(url);
  if (!found) return null;
  const [user, pass] = [decodeURIComponent(found[1] ?? ''), found[2]];
  return pass === undefined ? { token: user } : { user, pass: decodeURIComponent(pass) };
}

function read(file: string, what: string): Uint8Array {
  if (!existsSync(file)) {
    throw new HeddleError('HDL_USAGE', `--hub-${what} ${file}: there is no such file`, { hint: 'check the path' });
  }
  return readFileSync(file);
}

const text = (file: string, what: string): string => Buffer.from(read(file, what)).toString('utf8');
