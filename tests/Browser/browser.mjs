import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const Places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The system's Chromium; nothing is downloaded. */
export function openBrowser() {
  const executablePath = process.env.CHROMIUM ?? Places.find((p) => existsSync(p));
  if (!executablePath) throw new Error('there is no Chromium: install it (apt-get install chromium), or name one with CHROMIUM=PATH');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}
