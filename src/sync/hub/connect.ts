/** The connection to NATS. The client is an optional dependency, loaded when a hub is named. */
import type { NatsConnection } from '@nats-io/transport-node';
import { HeddleError } from '../../errors.js';
import { printable } from '../../printable.js';
import { filesOf, type HubAddress, type LoginFiles, type Servers, serversOf, shownUrl } from './address.js';

/** How long a first connection may take, and one request. */
export const REQUEST_MS = 5_000;

/**
 * What can be known to be wrong before there is a connection.
 *
 * @throws HeddleError HDL_USAGE for the address or a file, HDL_CONFIG if the client is not installed.
 */
export async function checkAddress(address: HubAddress): Promise<void> {
  await examine(address);
}

/**
 * Connects once; from then on the client reconnects by itself, for ever.
 *
 * @throws HeddleError HDL_USAGE if the address or a file is wrong, HDL_IO if the server is not there or speaks something else.
 */
export async function connectHub(address: HubAddress): Promise<NatsConnection> {
  const { connect, credsAuthenticator } = await loadTransport();
  const { urls, isTls, login, credentials, ca, certificate, key } = await examine(address);
  const options = {
    servers: [...urls],
    name: 'heddle',
    timeout: REQUEST_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 1_000,
    ...(login ?? {}),
    ...(credentials === undefined ? {} : { authenticator: credsAuthenticator(credentials) }),
    ...(isTls || ca !== undefined || certificate !== undefined
      ? {
          tls: {
            ...(ca === undefined ? {} : { ca }),
            ...(certificate === undefined ? {} : { cert: certificate }),
            ...(key === undefined ? {} : { key }),
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

/** One line of what a client's error says, which may be the server's words; those of sockets have an empty message and a cause. */
export function reasonOf(error: unknown): string {
  const { message, cause, code } = error as Error & { code?: string };
  const inner = cause === undefined ? '' : reasonOf(cause);
  return printable([message, inner, code].find((text) => text !== undefined && text !== '') ?? String(error));
}

async function examine(address: HubAddress): Promise<Servers & LoginFiles> {
  const { credsAuthenticator } = await loadTransport();
  const servers = serversOf(address.url);
  const files = filesOf(address, (bytes) => credsAuthenticator(bytes)('nonce'));
  return { ...servers, ...files };
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
