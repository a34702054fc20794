/** `heddle serve` as a user starts it, and its page in Chromium. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { MAIN } from '../cli/run.js';

export class ServeProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  static start(folder: string, ...flags: readonly string[]): Promise<ServeProcess> {
    const args = [MAIN, 'serve', folder, '--port', '0', '--json', ...flags];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    return new Promise((resolve, reject) => {
      let text = '';
      let errors = '';
      child.stderr?.setEncoding('utf8').on('data', (part: string) => {
        errors += part;
      });
      child.stdout?.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (text.trimEnd().endsWith('}')) resolve(new ServeProcess((JSON.parse(text) as { url: string }).url, child));
      });
      child.once('exit', (code) => reject(new Error(`heddle serve ended with ${code}: ${errors}`)));
    });
  }

  /** As Ctrl-C does; answers the exit code. */
  stop(): Promise<number | null> {
    if (this.child.exitCode !== null) return Promise.resolve(this.child.exitCode);
    return new Promise((resolve) => {
      this.child.once('exit', resolve);
      this.child.kill('SIGINT');
    });
  }
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors of scripts and of the policy, failed answers, and requests to elsewhere. Must stay empty. */
  readonly complaints: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin)) complaints.push(`request to ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
}
