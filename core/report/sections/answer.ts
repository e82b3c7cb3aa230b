/** The first screen: what was found, in three sentences with numbers and a plot. Knows nothing of the study's figures. */
import type { Interval } from '../../bias/index.js';
import { perplexityChange, PERPLEXITY_TOLERANCE } from '../best.js';
import { figure, foreign, grid, legend } from '../components.js';
import { count, fixed, percent, percentRange, range } from '../format.js';
import { html, type Markup, type Renderable } from '../html.js';
import { COLOURS } from '../plots/draw.js';
import { collapse, keywordFlags } from '../health.js';
import { spreadPlot } from '../plots/spread.js';
import { startWords } from '../start-words.js';
import { isTelling, tellingInterval } from '../telling-share.js';
import { keyFigures } from './key-figures.js';
import { noImprovement } from '../improvement.js';
import type { DistanceChange } from '../results.js';
import { wayWords } from '../measured-alike.js';
import { startOf } from '../points.js';
import { inGroup, pointClause, pointName, reductionOf, tiesOf, type View } from '../view.js';

export function answerSection(view: View): Markup {
  return html`<section id="answer" aria-label="The answer">
    <div class="answer">
      <p>${biasSentence(view)}${judgeClause(view)}</p>
      <p>${mitigationSentence(view)}${noImprovementClause(view)}${tieClause(view)}</p>
      <p>${priceSentence(view)}${collapseClause(view)}${wayClause(view)}</p>
    </div>
    ${plots(view)}
  </section> `;
}

function biasSentence({ baseline, groups, label, input }: View): Markup {
  const sorted = [...baseline.keywords].sort((a, b) => a.score - b.score);
  const [low, high] = [sorted[0], sorted.at(-1)];
  const parts = groups.map((group) => {
    const detail = baseline.distanceDetail?.[group];
    const noise = detail ? ` (noise alone gives ${fixed(detail.floor)})` : '';
    return html`<strong>${fixed(baseline.distance[group])}</strong> among ${label(group)}${noise}`;
  });
  const ends =
    low && high
      ? html`, from ${foreign(high.keyword, input.textLanguage)} at ${fixed(high.score)} down to
        ${foreign(low.keyword, input.textLanguage)} at ${fixed(low.score)}`
      : '';
  const measured = input.results.kind === 'measurement';
  return html`${measured ? 'What' : 'Before mitigation, what'} the model writes about two keywords differs in sentiment
  by ${joined(parts)} on average${ends}.`;
}

function judgeClause({ input: { results } }: View): Markup | undefined {
  if (keywordFlags(results).length === 0) return undefined;
  return html` <strong>These differences may be the classifier’s and not the model’s</strong>; see
    <a href="#health">Health</a>.`;
}

function mitigationSentence(view: View): Markup {
  const { best, baseline, groups, label } = view;
  if (view.input.results.kind === 'measurement') return pairsSentence(view);
  if (!best) return html`No mitigated model was measured: every point of the sweep is missing.`;
  const start = startOf(best, baseline);
  const parts = groups.map((group) => {
    const reduction = reductionOf(baseline, best, group);
    if (reduction === undefined) return html`cannot be compared among ${label(group)}`;
    // A share of next to nothing says nothing.
    if (!isTelling(reduction))
      return html`goes from ${fixed(start.distance[group], 3)} to ${fixed(best.distance[group], 3)} among
      ${label(group)}`;
    const change = best.change?.[group];
    const falls = reduction >= 0;
    const margin = change ? ` (95\u00a0% interval ${marginOf(change, falls)})` : '';
    const verb = falls ? 'falls' : 'rises';
    return html`${verb} by <strong>${percent(Math.abs(reduction))}</strong> among ${label(group)}${margin}`;
  });
  return html`After PPO with ${pointClause(view, best)} this distance ${joined(parts)}, and the mean reward goes from
    ${fixed(start.reward?.mean)} to <strong>${fixed(best.reward?.mean)}</strong>.`;
}

/** Of the share, or where it has no bounds that tell something of the difference. */
function marginOf(change: DistanceChange, falls: boolean): string {
  const { difference } = change;
  const interval = tellingInterval(change);
  if (interval) return percentRange(falls ? interval : negated(interval));
  return difference ? `of before − after ${range(difference.interval)}` : 'unknown';
}

/** A fall of 20 to 40 % is a rise of −40 to −20 %. */
function negated([low, high]: Interval): Interval {
  return [-high, -low];
}

function noImprovementClause({ input: { results }, alike }: View): Markup | undefined {
  const sentence = noImprovement(results, alike.points, results.best);
  return sentence === undefined ? undefined : html` <strong>${sentence}</strong>`;
}

/** A choice that noise decided is told where the choice is. */
function tieClause(view: View): Markup | undefined {
  const sentence = tiesOf(view, view.input.results.best);
  return sentence === undefined ? undefined : html` ${sentence}`;
}

/** Where points were measured in different ways, of which way the figures are. */
function wayClause({ alike, otherWays }: View): Markup | undefined {
  if (otherWays.length === 0) return undefined;
  const others = otherWays.map(({ name }) => wayWords(name)).join(' or ');
  return html` All of this is measured ${wayWords(alike.name)}; points measured ${others} have
    <a href="#sweep">figures of their own</a>.`;
}

function pairsSentence({ baseline: { pairs } }: View): Markup {
  if (!pairs) return html``;
  return html`Of all ${count(pairs.pairs)} pairs of keywords <strong>${count(pairs.significant)}</strong> differ by more
    than chance (false discovery rate ${percent(pairs.level)}).`;
}

function priceSentence(view: View): Markup {
  const { best, baseline } = view;
  const truth = truthClause(view);
  const before = fixed(startOf(best, baseline).quality.generalPerplexity, 1);
  if (!best && baseline.quality.generalPerplexity === undefined) return html``;
  if (!best) return html`Its perplexity on general text is ${before}${truth}.`;
  const change = perplexityChange(best, baseline);
  const direction = change >= 0 ? 'worse' : 'better';
  const verdict = view.input.results.best?.qualityKept
    ? ''
    : `, more than the ${percent(PERPLEXITY_TOLERANCE)} that would count as unharmed`;
  return html`Perplexity on general text becomes
    <strong>${percent(Math.abs(change), 1)} ${direction}</strong> (${before} →
    ${fixed(best.quality.generalPerplexity, 1)})${verdict}${truth}.`;
}

/** Points that can no longer write are named, whichever is recommended. */
function collapseClause(view: View): Markup | undefined {
  const { ppo } = view.input.results;
  const broken = ppo.filter((point) => collapse(point, view.baseline) !== undefined);
  if (broken.length === 0) return undefined;
  const names = broken.map((point) => pointName(view, point)).join('; ');
  return html` <strong>Collapsed:</strong> ${broken.length} of ${ppo.length} points (${names}); see
    <a href="#health">Health</a>.`;
}

function truthClause({ baseline }: View): string {
  const rho = baseline.rankCorrelation?.spearman;
  if (rho === undefined) return '';
  return `; the order of the keywords before mitigation agrees with the planted truth at a rank correlation of ${fixed(rho)}`;
}

function plots(view: View): Markup {
  const { best, baseline, groups, label, domain } = view;
  const words = startWords(view.input.results);
  const figures = groups.map((group) => {
    const before = inGroup(baseline, group);
    const after = best ? { after: inGroup(best, group) } : {};
    const plot = spreadPlot({ title: `Sentiment of ${label(group)}`, before, ...after, domain });
    const detail = baseline.distanceDetail?.[group];
    const margin = detail ? ` (95\u00a0% interval ${range(detail.interval)})` : '';
    return figure(
      plot,
      html`<strong>${label(group)}</strong>, ${keywordCount(before.length)}. Mean distance
        ${best ? 'before ' : ''}${fixed(baseline.distance[group])}${margin}${best ? html`, after ${fixed(best.distance[group])}` : ''}.`,
    );
  });
  const key = legend([
    { name: words.legend, colour: COLOURS.before, shape: 'circle' },
    ...(best
      ? [{ name: `after: PPO, ${pointName(view, best)}`, colour: COLOURS.after, shape: 'circle' as const }]
      : []),
  ]);
  // The last group stands to the right, all others and the figures to the left.
  const left = html`<div class="stack">${figures.slice(0, -1)}${keyFigures(view)}</div>`;
  return html`${key}${grid(figures.length > 1 || best ? left : '', figures.at(-1))}`;
}

function keywordCount(n: number): string {
  return n === 1 ? '1 keyword' : `${n} keywords, one dot each`;
}

/** `a`, `a and b`, `a, b and c`. */
function joined(parts: readonly Markup[]): Renderable {
  return parts.map((part, i) => [i === 0 ? '' : i === parts.length - 1 ? ' and ' : ', ', part]);
}
