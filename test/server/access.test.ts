/** Who is answered, and what a browser may do with the answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Folders, OPEN, type Served, served } from './folders.js';

const TOKEN = 'correct-horse-battery';
const folders = new Folders();
let open: Served;
let closed: Served;
beforeAll(async () => {
  const dir = await folders.campaign();
  open = served([dir]);
  closed = served([dir], { loopbackOnly: false, token: TOKEN });
});
afterAll(() => folders.remove());

const PATHS = ['/', '/api/campaigns', '/api/hub', '/api/stream', '/metrics', '/nothing', '/api/nothing'];

describe('every answer', () => {
  it('keeps scripts and styles of elsewhere out, and itself out of frames', async () => {
    for (const path of [...PATHS.filter((one) => one !== '/api/stream'), '/api/campaigns/000000000000']) {
      const { headers } = await open.get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, path).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
      expect(policy, path).toMatch(/frame-ancestors 'none'$/);
      expect(policy, path).not.toMatch(/unsafe|\*|https?:|data:/);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('cache-control'), path).toBe('no-store');
    }
  });

  it('is to GET or HEAD; nothing is changed by a request', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const { status, headers } = await open.app.request('/api/campaigns', { method });
      expect([status, headers.get('allow')], method).toEqual([405, 'GET, HEAD']);
    }
    expect((await open.app.request('/api/campaigns', { method: 'HEAD' })).status).toBe(200);
  });
});

describe('without a token', () => {
  it('answers only if the Host is this machine: names of elsewhere may be bound to 127.0.0.1', async () => {
    for (const host of ['localhost', 'localhost:4173', '127.0.0.1:1', '[::1]:4173', 'LOCALHOST:80']) {
      expect((await open.get('/api/campaigns', { host })).status, host).toBe(200);
    }
    const others = ['evil.example', 'localhost.evil.example', 'evil.example:4173', '127.0.0.1.evil.example', '0.0.0.0'];
    for (const host of [...others, 'localhost@evil', '']) {
      for (const path of PATHS) {
        const answer = await open.get(path, { host });
        expect(answer.status, `${host} ${path}`).toBe(403);
        expect(await answer.json()).toMatchObject({ error: 'the Host header names another machine' });
      }
    }
  });
});

describe('with a token', () => {
  it('answers nothing without it', async () => {
    for (const path of PATHS) {
      const answer = await closed.get(path);
      expect([answer.status, answer.headers.get('www-authenticate')], path).toEqual([401, 'Bearer']);
      expect(await answer.text()).not.toContain('bank');
    }
  });

  it('takes it in the header', async () => {
    expect((await closed.get('/api/campaigns', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    for (const wrong of [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, 'Bearer', `Basic ${TOKEN}`, TOKEN]) {
      expect((await closed.get('/api/campaigns', { authorization: wrong })).status, wrong).toBe(401);
    }
  });

  it('takes it once in the address and moves it into a cookie that scripts cannot read', async () => {
    const answer = await closed.get(`/?a=1&token=${TOKEN}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/?a=1']);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toContain(TOKEN);
    const [pair = ''] = cookie.split(';');
    expect((await closed.get('/api/campaigns', { cookie: pair })).status).toBe(200);
    const [name = ''] = pair.split('=');
    for (const wrong of [`${name}=`, `${name}=${TOKEN}`, `${pair.slice(0, -1)}0x`, `x=${pair.split('=')[1]}`]) {
      expect((await closed.get('/api/campaigns', { cookie: wrong })).status, wrong).toBe(401);
    }
  });

  it('refuses a wrong one in the address, cookie or not, and leads nowhere else', async () => {
    const wrong = await closed.get('/?token=guess');
    expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([401, null]);
    const away = await closed.get(`//evil.example/?token=${TOKEN}`);
    expect(away.headers.get('location')).toBe('/evil.example/');
  });

  it('another server of the same host has another cookie', async () => {
    const other = served([folders.root], { loopbackOnly: false, token: `${TOKEN}2` });
    const name = async (one: Served, token: string): Promise<string | undefined> =>
      (await one.get(`/?token=${token}`)).headers.get('set-cookie')?.split('=')[0];
    expect(await name(closed, TOKEN)).not.toBe(await name(other, `${TOKEN}2`));
  });

  it('a loopback address checks both', async () => {
    const both = served([folders.root], { ...OPEN, token: TOKEN });
    const authorization = `Bearer ${TOKEN}`;
    expect((await both.get('/metrics', { authorization, host: 'evil.example' })).status).toBe(403);
    expect((await both.get('/metrics', { host: 'localhost' })).status).toBe(401);
    expect((await both.get('/metrics', { authorization, host: 'localhost' })).status).toBe(200);
  });
});
