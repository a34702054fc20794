/** `heddle serve`: campaigns as a page, from their folders. It only reads. */
import { randomBytes } from 'node:crypto';
import { campaignsAt } from '../campaign/standing.js';
import { HeddleError } from '../errors.js';
import { createApp } from '../server/app.js';
import { loadAssets } from '../server/assets.js';
import { Inspections } from '../server/inspections.js';
import { listen } from '../server/listen.js';
import { FolderSource } from '../server/source.js';
import { Watcher } from '../server/stream.js';
import { invocation, packageVersion } from './about.js';
import { shellWord } from '../ui/shell-word.js';
import { type HubFlags, hubAddress } from './hub-address.js';
import { inspectEntry } from './inspect.js';
import { untilInterrupted } from './signals.js';
import type { Terminal } from './terminal.js';

export interface ServeFlags extends HubFlags {
  readonly port: number;
  readonly host?: string;
  readonly token?: string;
  readonly hub?: string;
  readonly json?: boolean;
}

const LOOPBACK = '127.0.0.1';
const TOKEN_LENGTH_MIN = 16;

/** Until the first Ctrl-C or SIGTERM. */
export async function serve(folders: readonly string[], flags: ServeFlags, terminal: Terminal): Promise<void> {
  const wanted = folders.length > 0 ? folders : ['heddle-out'];
  for (const folder of wanted) checkFolder(folder);
  const host = flags.host ?? LOOPBACK;
  const token = tokenOf(flags);
  await checkHub(flags);
  const inspections = new Inspections(inspectEntry());
  const source = new FolderSource({
    folders: wanted,
    inspections,
    commandOf: (path) => `${invocation()} replay ${shellWord(path)}`,
    askHub: askHubOf(flags),
  });
  const version = packageVersion();
  const watcher = new Watcher(source, version);
  const app = createApp({
    ...{ source, watcher, version },
    assets: loadAssets(),
    access: { loopbackOnly: /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host), token },
    log: (message) => terminal.log(message),
  });
  const server = await listen(app, host, flags.port);
  try {
    announce(urlOf(host, server.port, token), token, flags, terminal);
    await untilInterrupted();
  } finally {
    watcher.close();
    inspections.close();
    await server.close();
  }
}

function checkFolder(folder: string): void {
  if (campaignsAt(folder).length > 0) return;
  throw new HeddleError('HDL_USAGE', `${folder} is no campaign, and has none in it`, {
    hint: 'Name the folder that heddle fuzz wrote with -o.',
  });
}

/** null: on the machine itself, none is asked for unless one was given. */
function tokenOf({ host, token }: ServeFlags): string | null {
  if (token === undefined) return host === undefined ? null : randomBytes(24).toString('base64url');
  if (token.length >= TOKEN_LENGTH_MIN && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new HeddleError(
    'HDL_USAGE',
    `the token is not ${TOKEN_LENGTH_MIN} or more printable characters without spaces`,
    {
      hint: 'Leave it out, and a random one is made; or: openssl rand -hex 24',
    },
  );
}

/** A hub that is away is told on the page; an address or a file that is wrong is told at once. */
async function checkHub(flags: ServeFlags): Promise<void> {
  if (flags.hub === undefined) return;
  const { checkAddress } = await import('../sync/hub/connect.js');
  await checkAddress(hubAddress(flags.hub, flags));
}

/** The client is loaded only where a hub is named. */
function askHubOf(flags: ServeFlags): (() => Promise<import('../sync/hub/status.js').HubStatus>) | null {
  const { hub } = flags;
  if (hub === undefined) return null;
  return async () => {
    const { hubStatus } = await import('../sync/hub/status.js');
    return hubStatus(hubAddress(hub, flags));
  };
}

/** Addresses that stand for all are shown as this machine’s own. */
function urlOf(host: string, port: number, token: string | null): string {
  const shown = ['0.0.0.0', '::', ''].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${port}/${token === null ? '' : `?token=${encodeURIComponent(token)}`}`;
}

function announce(url: string, token: string | null, { json, host }: ServeFlags, terminal: Terminal): void {
  if (json) terminal.printJson({ schema: 'heddle.serve/1', url, token });
  else terminal.print(url);
  if (host !== undefined)
    terminal.log('whoever has this address sees the campaigns; it is shown this once, and not encrypted on its way');
  terminal.log('Ctrl-C ends it');
}
