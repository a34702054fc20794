/** A real Chromium for tests of what is shown in a browser. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATH = '/usr/bin/chromium';

/** Tests that need it are skipped where it is missing, and say so. */
export const HAS_CHROMIUM = existsSync(PATH);
if (!HAS_CHROMIUM)
  console.warn(`\nSKIPPED: everything that needs a browser. ${PATH} is missing (Debian: apt-get install chromium).\n`);

/** To be closed by who started it. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
