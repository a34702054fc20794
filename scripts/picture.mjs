// Makes the pictures of the README: `heddle serve` while a campaign looks for the race of Linux v6.6, and one finding of it, in Chromium.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const main = path.join(root, 'dist/cli/main.js');
const images = path.join(root, 'docs/images');
const folder = 'heddle-out/picture';
const RUN_MS = 40_000;
const BYTES_MAX = 200_000;
const FUZZ = ['iommu', '--design', 'v6.6', '--scene', 'walk-client', '--seed', '1', '--ui', 'none', '-q', '-o', folder];

const children = [];
const heddle = (...args) => {
  const child = spawn(process.execPath, [main, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
};

/** The address that the server prints first. */
function urlOf(server) {
  return new Promise((resolve, reject) => {
    server.stdout.setEncoding('utf8').on('data', (text) => resolve(text.trim().split('\n')[0]));
    server.once('exit', () => reject(new Error('heddle serve ended')));
  });
}

async function shoot(page, name, more = {}) {
  const file = path.join(images, name);
  await page.screenshot({ path: file, ...more });
  const { size } = statSync(file);
  if (size > BYTES_MAX) throw new Error(`${file} has ${size} bytes, more than ${BYTES_MAX}`);
  console.log(`docs/images/${name}: ${size} bytes`);
}

rmSync(path.join(root, folder), { recursive: true, force: true });
mkdirSync(images, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
try {
  const campaign = heddle('fuzz', ...FUZZ);
  // Building the model may come first.
  while (
    !(
      readdirSync(root).includes('heddle-out') &&
      statSync(path.join(root, folder, 'stats.json'), { throwIfNoEntry: false })
    )
  ) {
    if (campaign.exitCode !== null) throw new Error('the campaign ended early');
    await sleep(200);
  }
  const url = await urlOf(heddle('serve', folder, '--port', '0'));
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  await page.goto(url);
  await page.locator('.chart canvas').first().waitFor();
  await sleep(RUN_MS);
  await page.locator('[data-tile=state]', { hasText: 'Running' }).waitFor();
  await shoot(page, 'serve.png');
  campaign.kill('SIGINT');
  await page.locator('[data-tile=state]', { hasText: 'Stopped' }).waitFor();
  await page.locator('[data-row][href*="/finding/use-after-free"]').first().click();
  await page.locator('[data-run=shown]').waitFor({ timeout: 180_000 });
  await page.locator('.causes li').first().waitFor();
  await shoot(page, 'serve-finding.png');
} finally {
  await browser.close();
  for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
}
