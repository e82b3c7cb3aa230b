import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { figureFiles, renderReport } from '../../../core/report/index.js';
import { syntheticInput } from './synthetic-input.js';
import { hasBrowser, launchBrowser } from '../../support/browser.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeViolation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe.skipIf(!hasBrowser)('renderReport in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  const file = join(folder, 'report.html');
  let browser: Browser;

  beforeAll(async () => {
    writeFileSync(file, renderReport(syntheticInput()));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(options: { width: number; colorScheme: 'light' | 'dark'; bypassCSP?: boolean }) {
    const { width, colorScheme, bypassCSP = false } = options;
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP });
    const page = await context.newPage();
    const messages: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, messages, requests };
  }

  it('loads without a message, a request or a dialog, and hostile text does nothing', async () => {
    const { page, messages, requests } = await open({ width: 1280, colorScheme: 'light' });
    expect(await page.title()).toBe(syntheticInput().title);
    expect(await page.locator('body').isVisible()).toBe(true);
    expect(messages).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href]);
  });

  it('has no accessibility violation', async () => {
    const { page } = await open({ width: 1280, colorScheme: 'light', bypassCSP: true });
    expect(await violations(page)).toEqual([]);
  });

  it.each([
    { width: 1280, colorScheme: 'dark' },
    { width: 390, colorScheme: 'light' },
  ] as const)('has enough contrast and reachable tables at $width pixels, $colorScheme', async (options) => {
    const { page } = await open({ ...options, bypassCSP: true });
    expect(await violations(page, ['color-contrast', 'scrollable-region-focusable'])).toEqual([]);
  });

  it('does not scroll sideways on a phone, tables apart', async () => {
    const { page } = await open({ width: 390, colorScheme: 'light' });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });

  it('prints whole tables and the folded parts, black on white, even from a dark screen', async () => {
    const { page } = await open({ width: 1280, colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(0, 0, 0)');
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.evaluate('getComputedStyle(document.querySelector("nav")).display')).toBe('none');
    // A4 less the margins, at 96 dots an inch.
    await page.setViewportSize({ width: 688, height: 980 });
    const wide = `[...document.querySelectorAll('table')].filter((table) => table.offsetWidth > 690)
      .map((table) => table.caption.textContent.trim())`;
    expect(await page.evaluate(wide)).toEqual([]);
  });

  it('draws every figure file as SVG of its own', async () => {
    const files = Object.values(figureFiles(readFileSync(file, 'utf8')));
    const { page } = await open({ width: 800, colorScheme: 'light' });
    const parse = `(text) => { const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
      return parsed.querySelector('parsererror')?.textContent ?? parsed.documentElement.namespaceURI; }`;
    for (const svg of files)
      expect(await page.evaluate(`(${parse})(${JSON.stringify(svg)})`)).toBe('http://www.w3.org/2000/svg');
  });

  it('has other colours in the dark', async () => {
    const ink = async (colorScheme: 'light' | 'dark'): Promise<unknown> =>
      (await open({ width: 800, colorScheme })).page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await ink('light')).toBe('rgb(251, 251, 250)');
    expect(await ink('dark')).toBe('rgb(20, 23, 26)');
  });
});

/** Violations by axe-core of all its rules or of those named, as `impact id: element`. */
async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(axe);
  const options = JSON.stringify(rules ? { runOnly: { type: 'rule', values: rules } } : {});
  const found = await page.evaluate<readonly AxeViolation[]>(`axe.run(${options}).then((result) => result.violations)`);
  return found.map(({ impact, id, nodes }) => `${impact} ${id}: ${nodes[0]?.html.slice(0, 120)}`);
}
