/** The interleaving viewer in Chromium, in the pages that the commands write. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { committedFailure } from '../corpus/committed.js';
import { heddle, inFolder } from '../cli/run.js';
import { HAS_CHROMIUM, startChromium } from '../support/chromium.js';
import { diagramRows, shown } from './steps.js';

const HOSTILE = `</script><img src=x onerror="document.title='taken'">`;

/** Fails always; its names are markup. */
const HOSTILE_MODEL = `
import { check, event, scene, trace } from 'heddle';
class Box { count: i32 = 0; }
const box = new Box();
function touch(): void { box.count += 1; trace(${JSON.stringify(HOSTILE)}); check(false, ${JSON.stringify(HOSTILE)}); }
export function register(): void { event(${JSON.stringify(HOSTILE.slice(0, 60))}, touch); scene('one').with(${JSON.stringify(HOSTILE.slice(0, 60))}); }
`;

async function fields(page: Page): Promise<Record<string, string | null>> {
  const rows = await page.locator('.hv-objects tr[data-field]').all();
  const pairs = await Promise.all(
    rows.map(async (row) => [await row.getAttribute('data-field'), await row.locator('td').nth(1).textContent()]),
  );
  return Object.fromEntries(pairs);
}

/** Two findings without a race. */
const TWO_MODEL = `
import { check, event, scene } from 'heddle';
class Box { count: i32 = 0; }
const box = new Box();
function left(): void { box.count = 1; check(false, 'left'); }
function right(): void { box.count = 2; check(false, 'right'); }
export function register(): void {
  event('left', left);
  event('right', right);
  scene('one').with('left');
  scene('other').with('right');
}`;

describe.skipIf(!HAS_CHROMIUM)('the interleaving viewer', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
  });

  async function open(file: string, scheme: 'light' | 'dark' = 'light', width = 1280): Promise<[Page, string[]]> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme });
    const troubles: string[] = [];
    page.on('pageerror', ({ message }) => troubles.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) troubles.push(`request ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    return [page, troubles];
  }

  it('of a report goes through the run by keyboard, forward and back, as the text diagram has it', async () => {
    await inFolder(async (cwd) => {
      await heddle(['fuzz', 'bank', '--max-execs', '20k', '--seed', '1', '--deterministic', '-q', '-o', 'camp'], {
        cwd,
      });
      const written = await heddle(['report', 'camp', '--format', 'html', '--output', 'report.html'], { cwd });
      expect(written.stderr).toBe('');
      const text = await heddle(['report', 'camp', '--format', 'json'], { cwd });
      const rows = diagramRows(
        JSON.parse(text.stdout).findings[0].report.split('What happened:\n\n')[1].replaceAll(/^ {2}/gm, ''),
      );
      expect(rows).toHaveLength(9);
      const [page, troubles] = await open(join(cwd, 'report.html'));
      await page.keyboard.press('Home');
      const forward = [];
      for (let i = 0; i < rows.length; i++) {
        forward.push(await shown(page));
        await page.keyboard.press('ArrowRight');
      }
      expect(forward).toEqual(rows);
      await page.keyboard.press('End');
      expect((await shown(page)).text).toBe('(ends)');
      const back = [];
      for (let i = 0; i < rows.length; i++) {
        await page.keyboard.press('ArrowLeft');
        back.unshift(await shown(page));
      }
      expect(back).toEqual(rows);
      expect(await page.locator('.hv-count').textContent()).toBe('1 / 10');

      // Where it fails: the second balance lacks the 20 of the other transfer.
      await page.keyboard.press('f');
      expect(await fields(page)).toEqual({ 'Account#1.balance': '70', 'Account#2.balance': '110' });
      const changed = page.locator('.hv-objects tr.hv-changed');
      expect(await changed.allInnerTexts()).toEqual([expect.stringMatching(/●\sbalance\s+110\s+120/)]);
      expect(troubles).toEqual([]);
    });
  }, 120_000);

  it('of an explanation has orders as arrows, the curve, keys, a slider, and keeps its step in the address', async () => {
    await inFolder(async (cwd) => {
      const { path } = committedFailure('abba', 'deadlock');
      const args = ['explain', path, '--format', 'html', '-o', 'why.html'];
      expect((await heddle(args, { cwd })).stderr).toBe('');
      const [page, troubles] = await open(join(cwd, 'why.html'), 'dark');
      expect(await page.locator('.hv-arrow.hv-necessary').count()).toBe(2);
      expect(await page.locator('.hv-curve .hv-turn').count()).toBe(1);
      expect(await page.locator('.hv-syncs li').allInnerTexts()).toEqual([
        expect.stringMatching(/^Mutex#1\s*held by\s*forward\s*awaited by\s*backward$/),
        expect.stringMatching(/^Mutex#2\s*held by\s*backward\s*awaited by\s*forward$/),
      ]);
      await page.keyboard.press('p');
      expect(await shown(page)).toEqual({ task: 'backward', text: 'backward: Mutex#2 lock' });
      await page.waitForFunction(() => location.hash === '#step=2'); // page.url() hears of it later
      await page.reload();
      expect((await shown(page)).text).toBe('backward: Mutex#2 lock');
      await page.keyboard.press('n');
      expect((await shown(page)).text).toBe('backward: Mutex#1 lock, waits');
      await page.locator('[data-step="0"]').click();
      expect((await shown(page)).text).toBe('forward: Mutex#1 lock');
      expect(await page.locator('[aria-current="step"]').getAttribute('data-step')).toBe('0');
      await page.getByLabel('Step', { exact: true }).fill('3');
      expect(await page.locator('[aria-live]').textContent()).toBe(
        'Step 4 of 4, forward, forward: Mutex#2 lock, waits. Here it fails: deadlock',
      );
      await page.keyboard.press('?');
      expect(await page.locator('.hv-help').textContent()).toContain('next, previous preemption');
      expect(troubles).toEqual([]);
    });
  }, 120_000);

  it('of several findings of a report has keys and steps of its own for each', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'two.ts'), TWO_MODEL);
      await heddle(['fuzz', './two.ts', '--max-execs', '1k', '--seed', '1', '--deterministic', '-q', '-o', 'camp'], {
        cwd,
      });
      const args = ['report', 'camp', '--format', 'html', '--output', 'report.html'];
      expect((await heddle(args, { cwd })).stderr).toMatch(/explaining 1 of 2.*explaining 2 of 2/s);
      const [page, troubles] = await open(join(cwd, 'report.html'));
      const counts = page.locator('.hv-count');
      expect(await counts.allTextContents()).toEqual(['2 / 2', '2 / 2']);
      await page.locator('.hv').nth(1).focus();
      await page.keyboard.press('ArrowLeft');
      expect(await counts.allTextContents()).toEqual(['2 / 2', '1 / 2']);
      expect(new URL(page.url()).hash).toBe('');
      expect(troubles).toEqual([]);

      await heddle([...args, '--no-viewer'], { cwd });
      expect(readFileSync(join(cwd, 'report.html'), 'utf8')).not.toContain('<script');
      // The model is gone: the findings are still told.
      rmSync(join(cwd, 'two.ts'));
      const { stderr, code } = await heddle(args, { cwd });
      expect(stderr).toMatch(/warning: .*cannot be stepped through: /);
      expect(code).toBe(3);
      expect(readFileSync(join(cwd, 'report.html'), 'utf8')).toContain('What happened:');
    });
  }, 120_000);

  it('writes names that are markup as text, and is still readable without a script and on a phone', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'hostile.ts'), HOSTILE_MODEL);
      await heddle(
        ['fuzz', './hostile.ts', '--max-execs', '1k', '--seed', '1', '--deterministic', '-q', '-o', 'camp'],
        {
          cwd,
        },
      );
      await heddle(['report', 'camp', '--format', 'html', '--output', 'report.html'], { cwd });
      const html = readFileSync(join(cwd, 'report.html'), 'utf8');
      expect(html).not.toContain('<img');
      const [page, troubles] = await open(join(cwd, 'report.html'), 'light', 390);
      expect(await page.locator('.hv-head').textContent()).toBe(HOSTILE.slice(0, 60));
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.title()).not.toBe('taken');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      expect(troubles).toEqual([]);

      const still = await browser.newContext({ javaScriptEnabled: false });
      const silent = await still.newPage();
      await silent.goto(pathToFileURL(join(cwd, 'report.html')).href);
      expect(await silent.locator('pre').first().textContent()).toContain('What happened:');
      await still.close();
    });
  }, 120_000);
});
