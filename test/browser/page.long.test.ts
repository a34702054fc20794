/** The page of `heddle serve` in Chromium, while a real campaign runs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFinding } from '../../src/findings/store.js';
import { MAIN } from '../cli/run.js';
import { HAS_CHROMIUM, startChromium } from '../support/chromium.js';
import { openPage, ServeProcess } from './served.js';
import { diagramRows, shown } from './steps.js';

const FUZZ = ['examples/bank.ts', '--design', 'racy', '-j', '1', '--ui', 'none', '-q', '--exit-zero', '--seed', '5'];

describe.skipIf(!HAS_CHROMIUM)('the page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-page-'));
  const outDir = join(folder, 'bank');
  let browser: Browser;
  let server: ServeProcess;
  let campaign: ChildProcess;
  let ended: Promise<unknown>;

  beforeAll(async () => {
    campaign = spawn(process.execPath, [MAIN, 'fuzz', ...FUZZ, '-o', outDir], { stdio: 'ignore' });
    ended = new Promise((done) => campaign.once('exit', done));
    // It only has to be alive: the tests beside this file need the processor more.
    if (campaign.pid !== undefined) setPriority(campaign.pid, 10);
    while (findings().length === 0 && campaign.exitCode === null) await sleep(50);
    server = await ServeProcess.start(folder);
    browser = await startChromium();
  }, 120_000);
  afterAll(async () => {
    campaign.kill('SIGKILL');
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function findings(): string[] {
    const dir = join(outDir, 'findings');
    const names = existsSync(dir) ? readdirSync(dir) : [];
    return names.filter((name) => existsSync(join(dir, name, 'finding.json')));
  }

  const tile = (page: Page, name: string) => page.locator(`[data-tile=${name}]`);
  const executions = async (page: Page): Promise<number> =>
    Number((await page.locator('[data-figure=executions]').textContent())?.replaceAll(',', ''));

  it('shows at a glance, in 1280×720 without scrolling: whether it runs, how fast, what was found, what is to come', async () => {
    const { page, complaints } = await openPage(browser, server.url);
    const says = {
      state: /Running/,
      speed: /Executions\/s\d/,
      findings: /Findings by symptom1.*other 1/,
      new: /Still to come(\d|1 in)/,
    };
    for (const [name, text] of Object.entries(says)) {
      await tile(page, name).waitFor();
      expect(await tile(page, name).textContent()).toMatch(text);
      for (const part of ['', ' .figure', ' .facts']) {
        const box = await page.locator(`[data-tile=${name}]${part}`).boundingBox();
        expect(box, name + part).not.toBeNull();
        expect(box?.y, name + part).toBeGreaterThanOrEqual(0);
        expect((box?.y ?? 0) + (box?.height ?? 0), name + part).toBeLessThanOrEqual(720);
        expect((box?.x ?? 0) + (box?.width ?? 0), name + part).toBeLessThanOrEqual(1280);
      }
    }
    expect(await page.evaluate(() => scrollY)).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('is live: figures and charts move while the campaign runs', async () => {
    const { page, complaints } = await openPage(browser, server.url);
    await page.locator('[data-figure=executions]').waitFor();
    const seen = new Set<number>();
    while (seen.size < 3) {
      seen.add(await executions(page));
      await sleep(100);
    }
    expect([...seen]).toEqual([...seen].sort((a, b) => a - b));
    // Hidden, it does not listen; in sight again, it does.
    const hide = (isHidden: boolean): Promise<void> =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await hide(true);
    // What had come before is drawn.
    await sleep(300);
    const still = await executions(page);
    await sleep(2_500);
    expect(await executions(page)).toBe(still);
    await hide(false);
    while ((await executions(page)) === still) await sleep(100);
    await page.locator('.chart canvas').nth(2).waitFor();
    expect(await page.locator('.chart canvas').count()).toBe(3);
    // Coverage over executions, then over time.
    const chart = page.getByRole('img', { name: /^Features over/ });
    expect(await chart.getAttribute('aria-label')).toMatch(/^Features over executions: \d+ features$/);
    await page.getByText('time', { exact: true }).click();
    expect(await page.getByRole('img', { name: /^Features over/ }).getAttribute('aria-label')).toMatch(
      /^Features over time/,
    );
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('says how far the exhaustive search of each scene is, below the strategies', async () => {
    const { page, complaints } = await openPage(browser, server.url);
    const rows = page.locator('[data-table=searches] tbody tr');
    // The racy bank has so few schedules that its search ends while the campaign goes on.
    await rows.filter({ hasText: 'every schedule searched' }).first().waitFor();
    expect(await rows.count()).toBe(1);
    const stats = JSON.parse(readFileSync(join(outDir, 'stats.json'), 'utf8')) as { searches: { scene: string }[] };
    expect(await rows.first().textContent()).toMatch(
      new RegExp(`^${stats.searches[0]?.scene}every schedule searched\\d+\\d+$`),
    );
    const headings = page.locator('section[aria-labelledby=strategies] table thead');
    expect(await headings.nth(1).textContent()).toBe('exhaustive searchhow farstatestransitions');
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('opens a finding: its diagram, the orders that it needs, and its run', async () => {
    const { page, complaints } = await openPage(browser, server.url);
    const [id = ''] = findings();
    const record = loadFinding(join(outDir, 'findings', id, 'finding.json'));
    await page.getByRole('link', { name: record.title }).first().click();
    await page.getByRole('heading', { level: 1, name: record.title }).waitFor();
    expect(await page.locator('.diagram').textContent()).toBe(record.diagram);
    expect(await page.locator('.badges').textContent()).toContain(`found by ${record.foundBy}, execution `);
    await page.locator('.causes li').first().waitFor();
    expect(await page.locator('.causes').textContent()).toMatch(/Account#2\.balance read before transfer/);
    await page.locator('[data-run=shown]').waitFor();
    expect(await page.locator('.command code').textContent()).toMatch(new RegExp(`heddle replay .*${id}$`));

    // Step by step, forward and back: what is shown is what the text diagram has.
    const rows = diagramRows(record.diagram);
    expect(rows.length).toBeGreaterThan(5);
    await page.keyboard.press('Home');
    for (const [i, row] of rows.entries()) {
      expect(await shown(page), `step ${i + 1}`).toEqual(row);
      await page.keyboard.press('ArrowRight');
    }
    for (const [i, row] of [...rows.entries()].reverse()) {
      await page.keyboard.press('ArrowLeft');
      expect(await shown(page), `back at step ${i + 1}`).toEqual(row);
    }
    // The address keeps the step.
    await page.getByRole('button', { name: 'Forward' }).click();
    await page.waitForFunction(() => location.hash.endsWith('?step=2'));
    await page.reload();
    await page.locator('[data-run=shown]').waitFor();
    expect(await shown(page)).toEqual(rows[1]);
    await page.keyboard.press('Escape');
    await tile(page, 'state').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('browses the corpus: searches it and decodes an entry', async () => {
    const { page, complaints } = await openPage(browser, server.url);
    const corpus = page.getByRole('region', { name: 'Corpus' });
    const row = corpus.locator('[data-row]').first();
    await row.waitFor();
    const id = (await row.locator('code').textContent()) ?? '';
    await corpus.getByRole('searchbox').fill('zzz');
    await corpus.getByText('no entry fits').waitFor();
    await corpus.getByRole('searchbox').fill(id.slice(0, 5));
    await corpus.locator('[data-row]').first().click();
    await page.getByRole('heading', { level: 1, name: `Entry ${id}` }).waitFor();
    expect(await page.locator('pre').last().textContent()).toContain('event transfer 10');
    await page.locator('[data-run=shown]').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('is worked by keys alone', async () => {
    const { page, complaints } = await openPage(browser, server.url);
    await page.locator('[data-row]').first().waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    await help.waitFor();
    expect(await help.textContent()).toContain('next or previous finding or entry');
    const focused = page.locator(':focus');
    // Until the next frame the focus is still inside the closed dialog: a key pressed before it counts.
    await page.evaluate(() => {
      document.querySelector('dialog')?.close();
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
    });
    expect(await focused.getAttribute('href', { timeout: 5_000 })).toContain('/finding/');
    await focused.evaluate((element) => (element as HTMLElement).blur());
    await page.keyboard.press('?');
    await help.waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    expect(await focused.getAttribute('href', { timeout: 5_000 })).toContain('/finding/');
    expect(await focused.evaluate((element) => getComputedStyle(element).outlineStyle)).not.toBe('none');
    // Where its row goes, the focus stays among the rows; where it moves, on it.
    const left = await focused.evaluate((element) => {
      const list = [...document.querySelectorAll<HTMLElement>('[data-row]')];
      const next = list[list.indexOf(element as HTMLElement) + 1];
      const item = element.closest('li');
      const place = item?.parentElement;
      item?.remove();
      return Promise.resolve().then(async () => {
        await new Promise(requestAnimationFrame);
        const isNeighbour = next !== undefined && document.activeElement === next;
        if (item) place?.append(item);
        (element as HTMLElement).focus();
        if (item) place?.prepend(item);
        await new Promise(requestAnimationFrame);
        return { isNeighbour, isKept: document.activeElement === element };
      });
    });
    expect(left).toEqual({ isNeighbour: true, isKept: true });
    await page.keyboard.press('Enter');
    await page.locator('.detail h1').waitFor();
    await page.keyboard.press('Escape');
    await tile(page, 'state').waitFor();
    await page.keyboard.press('/');
    expect(await page.locator(':focus').getAttribute('type')).toBe('search');
    // Typing is no command.
    await page.keyboard.type('t?');
    expect(await help.isVisible()).toBe(false);
    // Every stop of the Tab key shows that it has the focus.
    await page.reload();
    await page.locator('[data-row]').nth(1).waitFor();
    const stops: string[] = [];
    for (;;) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        // The radio buttons are drawn by what stands behind them.
        const drawn = element.matches('.segments input') ? (element.nextElementSibling ?? element) : element;
        return `${getComputedStyle(drawn).outlineStyle} ${element.outerHTML.slice(0, 60)}`;
      });
      if (stop === null || stops.length > 50) break;
      stops.push(stop);
    }
    expect(stops.length).toBeGreaterThan(7);
    expect(stops.filter((stop) => stop.startsWith('none'))).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('says what its parts are to those who do not see it', async () => {
    const { page } = await openPage(browser, server.url);
    const [id = ''] = findings();
    await page.locator('[data-row]').first().waitFor();
    const base = await page.locator('[data-row]').first().getAttribute('href');
    // Said aloud when it changes.
    expect(await page.getByRole('status').textContent()).toBe('Running, 1 finding');
    for (const hash of [null, base, base?.replace(`finding/${id}`, 'nothing')]) {
      if (hash) await page.goto(`${server.url}${hash}`);
      if (hash === base) await page.locator('[data-run=shown]').waitFor();
      const faults = await page.evaluate(() => {
        const found: string[] = [];
        const nameOf = (element: Element): string =>
          [
            element.getAttribute('aria-label'),
            element.textContent,
            (element as HTMLInputElement).labels?.[0]?.textContent,
          ]
            .map((text) => text?.trim() ?? '')
            .find((text) => text !== '') ?? '';
        for (const element of document.querySelectorAll('a, button, input, select, [role=img], section, dialog')) {
          const by = element.getAttribute('aria-labelledby');
          const labelled = by === null ? '' : (document.getElementById(by)?.textContent ?? '');
          if ((labelled || nameOf(element)) === '') found.push(`no name: ${element.outerHTML.slice(0, 80)}`);
        }
        for (const cell of document.querySelectorAll('th:not([scope])')) found.push(`no scope: ${cell.textContent}`);
        for (const svg of document.querySelectorAll('svg:not([aria-hidden]):not([role])'))
          found.push(`svg: ${svg.outerHTML.slice(0, 60)}`);
        const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
        for (const one of ids) if (ids.filter((other) => other === one).length > 1) found.push(`twice: ${one}`);
        if (document.documentElement.lang !== 'en') found.push('no language');
        if (document.querySelectorAll('main').length !== 1) found.push('not one main');
        return found;
      });
      expect(faults, hash ?? 'overview').toEqual([]);
    }
    await page.context().close();
  }, 60_000);

  it('is light or dark as the system is, or as one chooses; texts stand out from their ground', async () => {
    const grounds = new Map<string, string>();
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await openPage(browser, server.url, { colorScheme });
      await tile(page, 'state').waitFor();
      const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      grounds.set(colorScheme, await ground());
      for (const selector of ['h2', '.quiet', '.figure', '.facts p', 'a.row .title', '.chip', 'th']) {
        expect(await contrast(page, selector), `${colorScheme} ${selector}`).toBeGreaterThanOrEqual(4.5);
      }
      // As the system has it, light, dark, and again.
      const chosen = (theme: string): Promise<void> => page.locator(`html[data-theme=${theme}]`).waitFor();
      await page.keyboard.press('t');
      await chosen('light');
      const light = await ground();
      await page.getByRole('button', { name: /^Theme: light/ }).click();
      await chosen('dark');
      const dark = await ground();
      await page.reload();
      await tile(page, 'state').waitFor();
      expect([light, dark, await ground()]).toEqual([grounds.get('light') ?? light, dark, dark]);
      expect(light).not.toBe(dark);
      await page.context().close();
    }
    expect(grounds.get('light')).not.toBe(grounds.get('dark'));
  }, 60_000);

  it('fits a phone: one column, and nothing to scroll sideways', async () => {
    const { page, complaints } = await openPage(browser, server.url, { viewport: { width: 360, height: 740 } });
    const overflow = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await page.locator('[data-row]').first().waitFor();
    await page.locator('.chart canvas').first().waitFor();
    expect(await overflow()).toBe(0);
    const lefts = await page
      .locator('.panel')
      .evaluateAll((panels) => panels.map((panel) => panel.getBoundingClientRect().left));
    expect(new Set(lefts).size).toBe(1);
    for (const kind of ['finding', 'entry']) {
      await page.locator(`[data-row][href*="/${kind}/"]`).first().click();
      await page.locator('[data-run=shown]').waitFor();
      expect(await overflow(), kind).toBe(0);
      await page.goBack();
      await page.locator('[data-row]').first().waitFor();
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('says when the server does not answer, and goes on when it does again; tells that the campaign has stopped', async () => {
    const { page } = await openPage(browser, server.url);
    await tile(page, 'state').waitFor();
    expect(await server.stop()).toBe(0);
    await page.getByText('The server does not answer').waitFor();
    server = await ServeProcess.start(folder, '--port', new URL(server.url).port);
    await page.getByText('The server does not answer').waitFor({ state: 'hidden' });
    campaign.kill('SIGINT');
    await ended;
    await tile(page, 'state').getByText('Stopped').waitFor();
    expect(await page.title()).toBe('bank racy, stopped – Heddle');
    await page.context().close();
  }, 60_000);

  it('with a token: the address lets in once, a cookie from then on', async () => {
    const guarded = await ServeProcess.start(folder, '--host', '127.0.0.1');
    try {
      expect(guarded.url).toMatch(/\?token=[\w-]{32}$/);
      const { page, complaints } = await openPage(browser, guarded.url);
      await tile(page, 'state').waitFor();
      expect(page.url()).not.toContain('token');
      await page.reload();
      await tile(page, 'state').waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
      expect((await fetch(new URL('/api/campaigns', guarded.url))).status).toBe(401);
    } finally {
      expect(await guarded.stop()).toBe(0);
    }
  }, 60_000);
});

/** WCAG's contrast of the first such element's text with the ground that it stands on. */
function contrast(page: Page, selector: string): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const canvas = document.createElement('canvas').getContext('2d');
      const rgba = (text: string): number[] => {
        if (!canvas) return [];
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
      };
      const luminance = (colour: number[]): number => {
        const [r = 0, g = 0, b = 0] = colour.map((part) => {
          const share = part / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      let ground: Element | null = element;
      while (ground && rgba(getComputedStyle(ground).backgroundColor)[3] !== 255) ground = ground.parentElement;
      const text = luminance(rgba(getComputedStyle(element).color));
      const behind = luminance(rgba(getComputedStyle(ground ?? document.body).backgroundColor));
      return (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
    });
}
