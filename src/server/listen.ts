/** From an app to a port. */
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { HeddleError } from '../errors.js';

export interface Listening {
  readonly port: number;
  /** Refuses new connections, ends the open ones. */
  close(): Promise<void>;
}

/** `port` 0: any that is free. @throws HeddleError HDL_USAGE if it cannot listen there. */
export async function listen(app: Hono, host: string, port: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refusal(error, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const REFUSALS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  EADDRINUSE: ['is in use', 'Name another port with --port; --port 0 takes any that is free.'],
  EACCES: ['may not be used by this user', 'Name a port from 1024 with --port.'],
  EADDRNOTAVAIL: ['is no address of this machine', '--host 0.0.0.0 stands for all that it has.'],
  ENOTFOUND: ['is no address and no name that is known', '--host 0.0.0.0 stands for all addresses.'],
};

function refusal(error: NodeJS.ErrnoException, host: string, port: number): HeddleError {
  const [what, hint] = REFUSALS[error.code ?? ''] ?? [
    `cannot be used: ${error.message}`,
    'Name another with --host and --port.',
  ];
  return new HeddleError('HDL_USAGE', `${host}, port ${port}, ${what}`, { hint, cause: error });
}
