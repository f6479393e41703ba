// A headless Chromium for tests: the system's, with networking of its own switched off. Absent: null, and the caller skips with a reason; with CI
// set, absence is a failure.
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const chromiumPath: string | null = places.find((path) => existsSync(path)) ?? null;
if (chromiumPath === null && process.env['CI']) throw new Error('CI is set but there is no Chromium');

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? '',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
