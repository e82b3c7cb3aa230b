import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Markup } from '../../../../core/report/html.js';
import { byVariantPlot } from '../../../../core/report/plots/by-variant.js';
import { distanceMatrixPlot } from '../../../../core/report/plots/distance-matrix.js';
import { keywordsPlot } from '../../../../core/report/plots/keywords.js';
import { spreadPlot } from '../../../../core/report/plots/spread.js';
import { tileMapPlot } from '../../../../core/report/plots/tile-map.js';
import type { KeywordResult } from '../../../../core/report/results.js';
import { divergingScale, heatScale } from '../../../../core/report/shades.js';
import { hasBrowser, launchBrowser } from '../../../support/browser.js';

const AWKWARD = [
  'nurse practitioner',
  'O\'Brien, "Bob"',
  'C++ (dev.*)',
  'Δάσκαλος',
  'WOMEN WORKERS',
  'Воспитательница',
];
const LONG = 'a person who drives a bus through a town at night and sleeps by day';

const keywords = (names: readonly string[], scale = 1): KeywordResult[] =>
  names.map((keyword, i) => ({
    keyword,
    group: 'g',
    n: 20,
    score: (scale * (i + 0.5)) / names.length,
    interval: [0, scale],
  }));

const many = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => `${AWKWARD[i % AWKWARD.length]!}${i < AWKWARD.length ? '' : ` ${i}`}`);

const matrix = (names: readonly string[], scale = 1): Markup =>
  distanceMatrixPlot({ title: 'T', keywords: keywords(names, scale), scale: heatScale(scale) });

const rows = (names: readonly string[]): Markup =>
  keywordsPlot({ title: 'T', before: keywords(names), after: new Map(), domain: [0, 1] });

const spread = (names: readonly string[], after: boolean): Markup =>
  spreadPlot({
    title: 'T',
    before: keywords(names),
    domain: [0, 1],
    ...(after ? { after: keywords(names, 0.3) } : {}),
  });

const tiles = (names: readonly string[]): Markup =>
  tileMapPlot({
    title: 'T',
    columns: names.length,
    rows: 1,
    scale: divergingScale(0.5, [0, 1]),
    tiles: names.map((keyword, column) => ({ keyword, column, row: 0, score: 0.04 * column })),
  });

const sweep = ['klCoefficient=0.1 learningRate=0.0001', 'klCoefficient=0.2 learningRate=0.0002', '3'];

const PLOTS: Readonly<Record<string, () => Markup>> = {
  'matrix of 3': () => matrix(AWKWARD.slice(0, 3)),
  'matrix of 6': () => matrix(AWKWARD),
  'matrix of 12': () => matrix(many(12)),
  'matrix of 25': () => matrix(many(25)),
  'matrix of 60': () => matrix(many(60)),
  'matrix of small distances': () => matrix(AWKWARD, 0.04),
  'matrix with long names': () => matrix([LONG, `${LONG}, too`, ...AWKWARD]),
  'matrix of many with long names': () => matrix([LONG, ...many(60), `${LONG}, too`]),
  keywords: () => rows(AWKWARD),
  'keywords with long names': () => rows([LONG, ...AWKWARD]),
  spread: () => spread(AWKWARD, true),
  'spread with long names': () => spread([LONG, ...AWKWARD, `${LONG}, too`], true),
  'spread of one model': () => spread([LONG, ...AWKWARD], false),
  tiles: () => tiles(AWKWARD),
  variants: () =>
    byVariantPlot({ title: 'T', label: 'y', variants: sweep, values: sweep.map((variant) => ({ variant, value: 1 })) }),
};

/** In the page: corners of every text as it is drawn, turned ones included, and the box of the plot. */
const CORNERS = `(() => {
  const svg = document.querySelector('svg');
  const { left, right, top, bottom } = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent).map((text) => {
    const { x, y, width, height } = text.getBBox();
    const matrix = text.getScreenCTM();
    return {
      name: [...text.childNodes].filter(({ nodeName }) => nodeName !== 'title').map((node) => node.textContent).join(''),
      corners: [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]
        .map(([px, py]) => new DOMPoint(px, py).matrixTransform(matrix)).map((p) => [p.x, p.y]),
    };
  });
  return { frame: { left, right, top, bottom }, texts };
})()`;

type Corner = readonly [number, number];

interface Drawn {
  readonly frame: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  readonly texts: readonly { readonly name: string; readonly corners: readonly Corner[] }[];
}

/** Boxes of lines have room above and below the letters: by so many pixels they may meet there. */
const SLACK = 4;

/** Separating axes: two turned boxes are apart where along a side of either they are. */
function meet(a: readonly Corner[], b: readonly Corner[]): boolean {
  return [a, b].every((box) =>
    [0, 1].every((side) => {
      const [from, to] = [box[side]!, box[side + 1]!];
      const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
      const along = (corners: readonly Corner[]): number[] =>
        corners.map(([x, y]) => (x * (to[0] - from[0]) + y * (to[1] - from[1])) / length);
      const [p, q] = [along(a), along(b)];
      return (
        Math.min(Math.max(...p), Math.max(...q)) - Math.max(Math.min(...p), Math.min(...q)) > (side === 0 ? 0 : SLACK)
      );
    }),
  );
}

describe.skipIf(!hasBrowser)('names in plots, as a browser draws them', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function drawn(plot: Markup): Promise<Drawn> {
    const page = await browser.newPage();
    await page.setContent(`<style>svg { font-family: system-ui, sans-serif }</style>${String(plot)}`);
    const found = await page.evaluate<Drawn>(CORNERS);
    await page.close();
    return found;
  }

  it.each(Object.entries(PLOTS))('%s: none is cut off, and none covers another', async (_name, plot) => {
    const { frame, texts } = await drawn(plot());
    const cut = texts.filter(({ corners }) =>
      corners.some(
        ([x, y]) => x < frame.left - 1 || x > frame.right + 1 || y < frame.top - SLACK || y > frame.bottom + SLACK,
      ),
    );
    expect(cut.map(({ name }) => name)).toEqual([]);
    const covered = texts.flatMap((a, i) =>
      texts.slice(i + 1).flatMap((b) => (meet(a.corners, b.corners) ? [`${a.name} | ${b.name}`] : [])),
    );
    expect(covered).toEqual([]);
  });
});

describe('names in plots', () => {
  it('are all written beside a matrix of up to 25 keywords, and stand whole in a title where they are shortened', () => {
    const twentyFive = String(matrix(many(25)));
    expect(many(25).filter((name) => !twentyFive.includes(name.replaceAll('"', '&quot;').split(',')[0]!))).toEqual([]);
    const long = String(matrix([LONG, ...AWKWARD]));
    expect(long.split(`<title>${LONG}</title>`)).toHaveLength(3); // its row and its column
    expect(String(rows([LONG, ...AWKWARD]))).toContain(`<title>${LONG}</title>`);
  });

  it('have distances of small effects written so that they can be told apart', () => {
    expect(String(matrix(['a', 'b', 'c'], 0.036))).toContain('>0.012<');
    expect(String(matrix(['a', 'b', 'c'], 0.9))).toContain('>0.30<');
  });
});
