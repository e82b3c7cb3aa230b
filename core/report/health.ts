/** What a careful reader should worry about in a run, in plain words. Knows only logged figures. */
import { fixed, percent, percentRange } from './format.js';
import { perplexityChange } from './best.js';
import { pointWords, startOf } from './points.js';
import type { PpoBatch, PpoCurve, ReportInput } from './report-input.js';
import type { BiasResult, ClassifierResult, PpoResult, Results } from './results.js';

/** Share of the first entropy below which a policy has lost its variety. */
const ENTROPY_COLLAPSE = 0.5;
/** Mean KL a response beyond which a policy has left its reference, in nats. */
const KL_RUN_AWAY = 30;
/** Share of the baseline's distinct-2 below which a model repeats itself. */
const DISTINCT_LOSS = 0.8;
/** How much worse general perplexity is of a model that has lost its writing. */
const PERPLEXITY_LOSS = 0.5;
/** Distance of the mean KL below zero that rounding does not explain, in nats. */
const KL_NEGATIVE = -0.05;
/** Standard errors of the mean KL below zero that the choice of texts does not explain. */
const KL_NEGATIVE_ERRORS = 4;

/** All warnings, points in order; empty when nothing looked wrong. */
export function healthFlags({ results, curves }: Pick<ReportInput, 'results' | 'curves'>): string[] {
  const { baseline } = results.bias;
  return [
    ...judgeFlags(results),
    ...runFlags(results),
    ...results.ppo.flatMap((point) => pointFlags(point, baseline).map((flag) => `${pointWords(point)}: ${flag}`)),
    ...curves.ppo.flatMap((curve) => curveFlags(curve).map((flag) => `${pointWords(curve)}: ${flag}`)),
  ];
}

/** A classifier whose accuracy may be that of guessing judges nothing. */
function judgeFlags({ measure, reward }: Results): string[] {
  const judges = [
    { name: 'measuring classifier', of: measure, so: 'no sentiment in this report can be relied on' },
    { name: 'reward model', of: reward, so: 'PPO learned from noise' },
  ];
  return judges.flatMap(({ name, of, so }) =>
    of?.interval && of.interval[0] <= guessing(of)
      ? [
          `the ${name} may be guessing (accuracy ${percent(of.accuracy, 1)}, ${percentRange(of.interval, 1)}; the larger ` +
            `class alone gives ${percent(guessing(of), 1)}): ${so}.`,
        ]
      : [],
  );
}

/** Accuracy of always naming the larger class; of two equal ones where the confusion is not known. */
function guessing({ confusion }: ClassifierResult): number {
  const sizes = (confusion ?? [[1], [1]]).map((row) => row.reduce((sum, n) => sum + n, 0));
  return Math.max(...sizes) / sizes.reduce((sum, n) => sum + n, 0);
}

function runFlags({ best, missing = [], ppo }: Results): string[] {
  return [
    ...(missing.length > 0 ? [`${missing.length} of ${missing.length + ppo.length} sweep points have no result.`] : []),
    ...(best && !best.qualityKept ? ['No point kept general perplexity within 10 % of the baseline.'] : []),
  ];
}

function pointFlags(point: PpoResult, baseline: BiasResult): string[] {
  const broken = collapse(point, baseline);
  return [...(broken === undefined ? [] : [broken]), ...(point.health ?? [])];
}

/** In what way a model can no longer write, in words; undefined where it can. */
export function collapse(point: BiasResult & Pick<PpoResult, 'ownBaseline'>, baseline: BiasResult): string | undefined {
  const change = perplexityChange(point, baseline);
  const distinct = point.quality.distinct2 / startOf(point, baseline).quality.distinct2;
  const signs = [
    ...(change > PERPLEXITY_LOSS
      ? [`general perplexity is ${percent(change)} worse: the model has lost its writing.`]
      : []),
    ...(distinct < DISTINCT_LOSS
      ? [`distinct-2 fell to ${percent(distinct)} of the baseline: it repeats itself.`]
      : []),
  ];
  return signs.length === 0 ? undefined : `collapsed: ${signs.join(' ')}`;
}

/** An estimate from few texts may be below zero by chance. */
function isNegative({ kl, klStd = 0, episodes }: PpoBatch, index: number): boolean {
  const size = episodes === undefined ? 1 : episodes / (index + 1);
  return kl < Math.min(KL_NEGATIVE, (-KL_NEGATIVE_ERRORS * klStd) / Math.sqrt(size));
}

function curveFlags({ batches }: PpoCurve): string[] {
  const negative = batches.filter(isNegative).length;
  const highest = Math.max(...batches.map(({ kl }) => kl));
  const [first, last] = [batches[0]?.entropy, batches.at(-1)?.entropy];
  const collapsed = first !== undefined && last !== undefined && last < ENTROPY_COLLAPSE * first;
  return [
    ...(negative > 0
      ? [
          `the estimated KL was negative in ${negative} of ${batches.length} batches: sampling and scoring may disagree.`,
        ]
      : []),
    ...(highest > KL_RUN_AWAY ? [`KL reached ${fixed(highest, 1)} nats a response: it ran away.`] : []),
    ...(collapsed ? [`entropy fell from ${fixed(first)} to ${fixed(last)}: the policy has lost its variety.`] : []),
  ];
}
