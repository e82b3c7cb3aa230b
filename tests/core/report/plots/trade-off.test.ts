import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tradeOffPlot, type TradeOffDot } from '../../../../core/report/plots/trade-off.js';
import { hasBrowser, launchBrowser } from '../../../support/browser.js';

const start: TradeOffDot = { name: 'baseline', cost: 0, distance: 0.23, best: false };
const dot = (name: string, cost: number, distance: number): TradeOffDot => ({
  name,
  cost,
  distance,
  best: name === '2',
});

/** As sweeps have come out: neighbours in both figures, twins, and names as long as a sweep over more than epochs has. */
const SWEEPS: Readonly<Record<string, readonly TradeOffDot[]>> = {
  'neighbours in cost and distance': ['1', '2', '3', '4', '5'].map((name, i) =>
    dot(name, 0.031 + 0.001 * i, 0.121 + 0.002 * (i % 3)),
  ),
  'points in the same place': ['1', '2', '3', '4', '5', '6'].map((name) => dot(name, 0.05, 0.1)),
  'points around the baseline': ['1', '2', '3', '4'].map((name, i) => dot(name, 0.002 * (i - 1), 0.23 - 0.003 * i)),
  'long names': ['1', '2', '3', '4', '5', '6'].map((name, i) =>
    dot(`${name}, klCoefficient=0.0${i}, learningRate=0.0001`, 0.03 + 0.004 * i, 0.12 + 0.003 * (i % 2)),
  ),
};

interface Box {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** By more than a pixel: browsers round boxes of text. */
function meet(a: Box, b: Box): boolean {
  return a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
}

describe.skipIf(!hasBrowser)('tradeOffPlot in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it.each(Object.entries(SWEEPS))('names every point and covers no name or point: %s', async (_case, points) => {
    const page = await browser.newPage();
    await page.setContent(
      `<!doctype html><div style="width: 480px; font-family: system-ui, sans-serif">${tradeOffPlot('t', start, points, 0.1).text}</div>`,
    );
    const boxes = await page.evaluate<readonly Box[]>(`(() => {
      const box = (name) => (element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return { name: name ?? element.textContent, left, right, top, bottom };
      };
      const texts = [...document.querySelectorAll('svg g[stroke-width="3"] text')];
      const dots = [...document.querySelectorAll('svg circle, svg path[stroke-width="2"], svg g[stroke-width="2"] path')];
      return [...texts.map(box()), ...dots.map(box('dot'))];
    })()`);
    await page.close();
    const [names, dots] = [boxes.filter(({ name }) => name !== 'dot'), boxes.filter(({ name }) => name === 'dot')];
    expect(names.map(({ name }) => name).toSorted()).toEqual([start, ...points].map(({ name }) => name).toSorted());
    expect(dots).toHaveLength(points.length + 1);
    const covered = names.flatMap((a, i) =>
      [...names.slice(i + 1), ...dots].filter((b) => meet(a, b)).map((b) => [a.name, b.name]),
    );
    expect(covered).toEqual([]);
  });
});
