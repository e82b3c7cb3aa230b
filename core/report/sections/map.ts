/** Sentiment where the keywords lie: tiles on a map, before and after. Present where the study brought a map. */
import { figure, grid, section, shadeLegend } from '../components.js';
import { fixed } from '../format.js';
import { html, type Markup } from '../html.js';
import { tileMapPlot, type Tile } from '../plots/tile-map.js';
import type { MapPanel } from '../report-input.js';
import type { BiasResult } from '../results.js';
import { divergingScale, type ShadeScale } from '../shades.js';
import type { View } from '../view.js';

export function mapSection(view: View): Markup | undefined {
  const { baseline, best, input } = view;
  const panels = (input.map ?? []).filter((panel) => tilesOf(panel, baseline).length > 0);
  if (panels.length === 0) return undefined;
  const sides = [{ name: 'before', result: baseline }, ...(best ? [{ name: 'after', result: best }] : [])];
  const drawn = new Set(panels.flatMap(({ tiles }) => tiles.map(({ keyword }) => keyword)));
  const scoresOf = ({ keywords }: BiasResult): number[] =>
    keywords.filter(({ keyword }) => drawn.has(keyword)).map(({ score }) => score);
  const middle = (view.domain[0] + view.domain[1]) / 2;
  const scale = divergingScale(
    middle,
    sides.flatMap(({ result }) => scoresOf(result)),
  );
  return section(
    'map',
    'On the map',
    html`<p>
      Mean sentiment of each keyword, written on its tile: purple below the middle of the scale, ${fixed(middle)}, green
      above it. One colour all over says that the places are spoken of alike, whether well or ill. Tiles are only
      roughly where the places are.
    </p>`,
    shadeLegend('Mean sentiment', scale.shades),
    panels.map(
      (panel) =>
        html`<h3>${panel.name}</h3>
          ${grid(...sides.map(({ name, result }) => side(panel, name, result, scale)))}`,
    ),
  );
}

function side(panel: MapPanel, name: string, result: BiasResult, scale: ShadeScale): Markup {
  const tiles = tilesOf(panel, result);
  const all = panel.tiles;
  const plot = tileMapPlot({
    title: `${panel.name}, ${name}`,
    tiles,
    columns: Math.max(...all.map(({ column }) => column)) + 1,
    rows: Math.max(...all.map(({ row }) => row)) + 1,
    scale,
  });
  const scores = tiles.map(({ score }) => score);
  return figure(
    plot,
    html`<strong>${name === 'before' ? 'Before' : 'After'} mitigation</strong>: from ${fixed(Math.min(...scores))} to
      ${fixed(Math.max(...scores))}.`,
  );
}

/** The places of the panel whose keyword was measured. */
function tilesOf({ tiles }: MapPanel, { keywords }: BiasResult): Tile[] {
  const scores = new Map(keywords.map(({ keyword, score }) => [keyword, score]));
  return tiles.flatMap((tile) => {
    const score = scores.get(tile.keyword);
    return score === undefined ? [] : [{ ...tile, score }];
  });
}
