/** Learning curves: fine-tuning, reward model, PPO by batch. Knows nothing of how they were logged. */
import { figure, grid, legend, section } from '../components.js';
import { fixed } from '../format.js';
import { html, type Markup } from '../html.js';
import type { LossPoint, PpoBatch, PpoCurve, TradeOffPoint } from '../report-input.js';
import { seriesStyle } from '../plots/draw.js';
import { linesPlot, MAX_POINTS, type Series } from '../plots/lines.js';
import { pointName, variantName, variantNames, type View } from '../view.js';
import { ppoTexts } from './episodes.js';

export function trainingSection(view: View): Markup | undefined {
  if (view.input.results.kind === 'measurement') return undefined;
  const { finetune, reward = [], ppo } = view.input.curves;
  return section(
    'training',
    'Learning curves',
    html`<p>Curves of more than ${MAX_POINTS} points are drawn as means of equal parts.</p>`,
    grid(lossFigure('Fine-tuning', 'nats a token', finetune), lossFigure('Reward model', 'nats a sentence', reward)),
    ppo.length > 0 &&
      html`<h3>PPO, batch by batch</h3>
        ${ppoLegend(view, ppo)}${ppoFigures(view, ppo)}`,
    ppoTexts(view),
  );
}

function lossFigure(name: string, unit: string, points: readonly LossPoint[]): Markup | undefined {
  if (points.length === 0) return undefined;
  const training = { name: 'training loss', ...seriesStyle(0), points: pick(points, 'loss') };
  const validation = {
    name: 'validation loss',
    ...seriesStyle(1),
    points: pick(points, 'validationLoss'),
    dots: true,
  };
  const series = [training, validation].filter((one) => one.points.length > 0);
  const ends = series.map(({ name: kind, points: own }) => `${kind} ${fixed(own[0]!.y)} → ${fixed(own.at(-1)!.y)}`);
  const plot = linesPlot({ title: `${name}: loss by step`, xLabel: 'step', yLabel: `loss (${unit})`, series });
  return figure(
    html`${legend(series.map(({ name: kind, colour, dash }) => ({ name: kind, colour, dash, shape: 'line' as const })))}${plot}`,
    html`<strong>${name}</strong>: ${ends.join('; ')}.`,
  );
}

function pick(points: readonly LossPoint[], field: 'loss' | 'validationLoss'): { x: number; y: number }[] {
  return points.flatMap(({ step, [field]: y }) => (y === undefined ? [] : [{ x: step, y }]));
}

function styleOf(view: View, curve: PpoCurve): { colour: string; dash: string } {
  return seriesStyle(Math.max(0, variantNames(view).indexOf(variantName(curve))));
}

function ppoLegend(view: View, curves: readonly PpoCurve[]): Markup {
  const variant = curves.map(variantName);
  const first = curves.filter((_, i) => variant.indexOf(variant[i]!) === i);
  return legend(
    first.map((curve) => ({
      name: pointName({ ...view, severalSeeds: false }, curve),
      ...styleOf(view, curve),
      shape: 'line' as const,
    })),
  );
}

interface Panel {
  readonly yLabel: string;
  readonly caption: string;
  readonly value: (batch: PpoBatch) => number | undefined;
}

const PANELS: readonly Panel[] = [
  { yLabel: 'mean reward', caption: 'Reward before the KL penalty', value: ({ reward }) => reward },
  { yLabel: 'KL (nats a response)', caption: 'KL divergence from the fine-tuned model', value: ({ kl }) => kl },
  { yLabel: 'entropy (nats a token)', caption: 'Entropy of the policy', value: ({ entropy }) => entropy },
];

function ppoFigures(view: View, curves: readonly PpoCurve[]): Markup {
  const figures = PANELS.flatMap(({ yLabel, caption, value }) => {
    const series = curves
      .map((curve): Series => ({ ...named(view, curve), points: pointsOf(curve, value) }))
      .filter(({ points }) => points.length > 0);
    if (series.length === 0) return [];
    const plot = linesPlot({ title: `${caption} by PPO batch`, xLabel: 'batch', yLabel, series });
    return [figure(plot, html`<strong>${caption}</strong>.`)];
  });
  return grid(...figures, frontier(view, curves), ...trajectories(view, curves));
}

function named(view: View, curve: PpoCurve): Omit<Series, 'points'> {
  return { name: pointName(view, curve), ...styleOf(view, curve) };
}

function pointsOf({ batches }: PpoCurve, value: Panel['value']): { x: number; y: number }[] {
  return batches.flatMap((batch) => {
    const y = value(batch);
    return y === undefined ? [] : [{ x: batch.batch, y }];
  });
}

/** Reward gained against distance travelled: what a nat of KL buys. */
function frontier(view: View, curves: readonly PpoCurve[]): Markup {
  const series = curves.map((curve) => ({
    ...named(view, curve),
    dots: true,
    points: curve.batches.map(({ kl, reward }) => ({ x: kl, y: reward })),
  }));
  const plot = linesPlot({ title: 'Reward against KL', xLabel: 'KL (nats a response)', yLabel: 'mean reward', series });
  return figure(plot, html`<strong>Reward against KL</strong>, batch by batch: what a nat of divergence buys.`);
}

/** Bias and writing along PPO, where they were followed. */
function trajectories(view: View, curves: readonly PpoCurve[]): Markup[] {
  const floors = (group: string): number[] =>
    curves.flatMap(({ tradeOff = [] }) => tradeOff.flatMap(({ floor }) => floor?.[group] ?? []));
  const distances = view.groups.flatMap((group) => {
    const noise = floors(group);
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    return along(view, curves, {
      title: `Distance among ${view.label(group)} along PPO`,
      yLabel: 'mean distance',
      note: noise.length > 0 ? ` On few sentences a keyword: noise alone gives ${fixed(mean)}, so read the shape.` : '',
      value: ({ distance }) => distance[group],
    });
  });
  const perplexity = along(view, curves, {
    title: 'Perplexity on general text along PPO',
    yLabel: 'perplexity',
    note: '',
    value: ({ generalPerplexity }) => generalPerplexity,
  });
  return [...distances, ...perplexity];
}

interface Followed {
  readonly title: string;
  readonly yLabel: string;
  readonly note: string;
  readonly value: (point: TradeOffPoint) => number | undefined;
}

function along(view: View, curves: readonly PpoCurve[], { title, yLabel, note, value }: Followed): Markup[] {
  const series = curves
    .map((curve) => ({
      ...named(view, curve),
      dots: true,
      points: (curve.tradeOff ?? []).flatMap((point) => {
        const y = value(point);
        return y === undefined ? [] : [{ x: point.batch, y }];
      }),
    }))
    .filter(({ points }) => points.length > 0);
  if (series.length === 0) return [];
  const plot = linesPlot({ title, xLabel: 'batches trained', yLabel, series });
  return [figure(plot, html`<strong>${title}</strong>.${note}`)];
}
