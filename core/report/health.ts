/** What a careful reader should worry about in a run, in plain words. Knows only results; of PPO's curves it repeats what training said. */
import { percent, percentRange } from './format.js';
import { perplexityChange } from './best.js';
import { pointWords, startOf } from './points.js';
import type { BiasResult, ClassifierResult, PpoResult, Results } from './results.js';

/** Share of the baseline's distinct-2 below which a model repeats itself. */
const DISTINCT_LOSS = 0.8;
/** How much worse general perplexity is of a model that has lost its writing. */
const PERPLEXITY_LOSS = 0.5;

/** All warnings, points in order; empty when nothing looked wrong. */
export function healthFlags(results: Results): string[] {
  const { baseline } = results.bias;
  return [
    ...judgeFlags(results),
    ...runFlags(results),
    ...results.ppo.flatMap((point) => pointFlags(point, baseline).map((flag) => `${pointWords(point)}: ${flag}`)),
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
