/** The address of a hub: what is wrong with it is told at the start, and nothing of a login ever. No hub is needed for that. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HeddleError } from '../../src/errors.js';
import type { HubAddress } from '../../src/sync/hub/address.js';
import { checkAddress, connectHub } from '../../src/sync/hub/connect.js';
import { heddle, inFolder } from '../cli/run.js';
import { freePort } from './nats-server.js';

async function refusal(address: HubAddress): Promise<HeddleError> {
  const error = await checkAddress(address).then(
    () => null,
    (e: HeddleError) => e,
  );
  expect(error, address.url).not.toBeNull();
  return error as HeddleError;
}

describe('an address that is wrong', () => {
  it.each([
    'nats://frobnitz:xyzzy/plugh@host',
    'nats://frobnitz:xyzzy,plugh@host',
    'nats://frobnitz:xyzzy@plugh@host',
    'nats://frobnitz:xyzzy plugh@host',
    'nats://frobnitz:xyzzy@',
    'nats://frobnitz:xyzzy@plugh?',
    'nats://frobnitz:xyzzy',
    'nats://frobnitz:@ho st',
    'nats://frobnitz:xyzzy%plugh@host',
    'nats://frobnitz:xyzzy%zz@host',
    'http://frobnitz:xyzzy@host',
    'nats:/frobnitz:xyzzy@host',
    'frobnitz:xyzzy@host',
    'nats://h1:4222,nats://frobnitz:xyzzy,plugh@host',
    'nats://frobnitz:xyzzy@h1,frobnitz:xyzzy@h2',
    'nats://frobnitz:xyzzy@h1,nats://plugh:xyzzy@h2',
    'nats://frobnitz:xyzzy@[::1',
    'nats://frobnitz:xyzzy@host:port',
    'nats://frobnitz:xyzzy@host:70000',
  ])('shows nothing of the login in %s', async (url) => {
    const { code, message, hint = '' } = await refusal({ url });
    expect(code).toBe('HDL_USAGE');
    expect(`${message} ${hint}`).not.toMatch(/frobnitz|xyzzy|plugh/);
    expect(hint).toMatch(/percent-encoded|%25/);
    // Nor where no one has looked at it before.
    const told = await connectHub({ url }).catch((error: Error) => error.message);
    expect(told).not.toMatch(/frobnitz|xyzzy|plugh/);
  });

  it('is shown where there is no login in it', async () => {
    for (const url of ['http://x', 'nats:/x', 'nats://a b', 'x:4222']) {
      expect((await refusal({ url })).message).toBe(`${url} is no address of a hub`);
    }
    expect((await refusal({ url: '' })).message).toMatch(/no address of a hub/);
  });

  it('may have a login with every character, percent-encoded, which is not shown either', async () => {
    const port = await freePort();
    const url = `nats://me:p%40%2F%2Cs%25@127.0.0.1:${port}`;
    await checkAddress({ url });
    await checkAddress({ url: 'nats://token@h1:1, tls://token@[::1]:2/' });
    await checkAddress({ url: 'nats://me:a?b#c!d$e&f@h' });
    await expect(connectHub({ url })).rejects.toThrow(`cannot connect to the hub nats://127.0.0.1:${port}: `);
  });
});

describe('a file that is none of what it should be', () => {
  it('is told at the start, by its name', async () => {
    await inFolder(async (folder) => {
      mkdirSync(join(folder, 'd'));
      const junk = join(folder, 'junk');
      writeFileSync(junk, 'junk\n');
      const url = 'nats://x:1';
      for (const what of ['credentials', 'ca', 'certificate', 'key'] as const) {
        for (const file of [join(folder, 'd'), junk, join(folder, 'none')]) {
          const { code, message } = await refusal({ url, [what]: file });
          expect(code).toBe('HDL_USAGE');
          expect(message).toContain(`--hub-${what} ${file}: `);
        }
      }
    });
  });

  it('ends heddle fuzz, verify, serve and hub status with exit code 2 before anything runs', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'junk'), 'junk\n');
      const wrong = [
        { flags: ['--hub', 'nats://a%zz:pass@h'], told: /percent-encoded/ },
        { flags: ['--hub', 'nats://x:1', '--hub-ca', '.'], told: /--hub-ca \.: / },
        { flags: ['--hub', 'nats://x:1', '--hub-credentials', 'junk'], told: /--hub-credentials junk: / },
      ];
      for (const { flags, told } of wrong) {
        for (const words of [
          ['fuzz', 'bank', '--max-execs', '1'],
          ['verify', 'bank'],
        ]) {
          const { code, stderr } = await heddle([...words, ...flags], { cwd });
          expect(code, stderr).toBe(2);
          expect(stderr).toMatch(told);
          expect(stderr).not.toMatch(/bug of Heddle|pass/);
        }
        const [, url = '', ...rest] = flags;
        const status = await heddle(['hub', 'status', url, ...rest], { cwd });
        expect([status.code, told.test(status.stderr)], status.stderr).toEqual([2, true]);
      }
    });
  }, 60_000);
});
