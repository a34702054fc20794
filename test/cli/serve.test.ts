/** `heddle serve` from the command line: where it listens, what it refuses, and how it ends. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { heddle, inFolder, type Outcome } from './run.js';

/** A folder that is just enough of a campaign. */
function campaignIn(folder: string): string {
  const dir = join(folder, 'campaign');
  mkdirSync(dir);
  writeFileSync(join(dir, 'campaign.json'), '{"schema":"heddle.campaign/1","model":"bank","design":"racy"}\n');
  return dir;
}

/** Runs it until it says where it listens; `visit` gets the address, then it is interrupted. */
async function visited(
  args: readonly string[],
  signal: NodeJS.Signals,
  visit: (url: string) => Promise<void>,
): Promise<Outcome> {
  let visiting: Promise<void> | null = null;
  const outcome = await heddle(['serve', ...args], {
    onStdout: (child, text) => {
      const [url] = /http:\S+?(?=["\s])/.exec(text) ?? [];
      if (url !== undefined) visiting ??= visit(url).finally(() => child.kill(signal));
    },
  });
  await visiting;
  return outcome;
}

it('prints its address, answers, and ends with 0 at the first signal, streams open or not', async () => {
  await inFolder(async (folder) => {
    const dir = campaignIn(folder);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const outcome = await visited([dir, '--port', '0'], signal, async (url) => {
        expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
        expect(await (await fetch(url)).text()).toContain('<title>Heddle</title>');
        expect(await (await fetch(`${url}page.js`)).text()).toContain('EventSource');
        // Left open.
        const stream = await fetch(`${url}api/stream`);
        await stream.body?.getReader().read();
      });
      expect(outcome).toMatchObject({ code: 0, stderr: 'Ctrl-C ends it\n' });
    }
  });
});

it('with --host needs a token, which it makes and prints once', async () => {
  await inFolder(async (folder) => {
    const outcome = await visited(
      [campaignIn(folder), '--port', '0', '--host', '0.0.0.0', '--json'],
      'SIGINT',
      async (url) => {
        const token = new URL(url).searchParams.get('token') ?? '';
        expect(token).toMatch(/^[\w-]{32}$/);
        const api = new URL('/api/campaigns', url);
        expect((await fetch(api)).status).toBe(401);
        expect((await fetch(api, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
      },
    );
    expect(JSON.parse(outcome.stdout)).toMatchObject({ schema: 'heddle.serve/1', token: expect.any(String) });
    expect(outcome.code).toBe(0);
  });
});

it('refuses what it cannot do, and says what to do instead', async () => {
  await inFolder(async (folder) => {
    const dir = campaignIn(folder);
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => blocker.once('listening', done));
    const { port } = blocker.address() as { port: number };
    const cases: readonly (readonly [args: readonly string[], env: Record<string, string>, says: RegExp])[] = [
      [[`${folder}/none`], {}, /is no campaign, and has none in it\nhint: Name the folder that heddle fuzz wrote/],
      [[dir, '--port', String(port)], {}, /127\.0\.0\.1, port \d+, is in use\nhint: Name another port with --port/],
      [[dir, '--port', '65536'], {}, /write a port: a whole number from 0 to 65535/],
      [[dir, '--port', '0', '--host', '203.0.113.1'], {}, /is no address of this machine\nhint: --host 0\.0\.0\.0/],
      [[dir, '--port', '0', '--token', 'short'], {}, /the token is not 16 or more printable characters/],
      [[dir, '--port', '0'], { HEDDLE_TOKEN: 'with some spaces in it' }, /the token is not 16 or more/],
    ];
    for (const [args, env, says] of cases) {
      const { code, stdout, stderr } = await heddle(['serve', ...args], { env });
      expect({ code, stdout }, args.join(' ')).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(says);
    }
    blocker.close();
  });
}, 60_000);
