/** A Chromium, where this machine has one. */

import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Where distributions put it. */
const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const executablePath = places.find((path) => existsSync(path));
const silent = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
const quiet = ['--disable-background-networking', '--disable-component-update'];

/** Tests that need a browser are skipped where there is none. */
export const hasBrowser = executablePath !== undefined;

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath!, args: [...silent, ...quiet] });
}
