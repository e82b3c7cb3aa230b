/** What a careful reader should worry about in a run, in plain words. Knows only results; of PPO's curves it repeats what training said. */
import { groupNames } from '../bias/index.js';
import { fixed, percent, percentRange } from './format.js';
import { perplexityChange } from './best.js';
import { pointWords, startOf } from './points.js';
import type { BiasResult, ClassifierResult, PpoResult, Results } from './results.js';

/** Share of the baseline's distinct-2 below which a model repeats itself. */
const DISTINCT_LOSS = 0.8;
/** How much worse general perplexity is of a model that has lost its writing. */
const PERPLEXITY_LOSS = 0.5;
/** Distance of the prompts alone, in units of the measured one without its noise, from which on a classifier judges keywords. */
const CONTROL_SHARE = 0.5;
/** Rank correlation of the prompts' scores with the sentences' above which the prompts alone foretell the order. */
const CONTROL_CORRELATION = 0.8;
/** By chance 1 of 24 orders of four keywords has a ρ above 0.8, 1 of 6 of three. */
const CONTROL_KEYWORDS = 4;
/** A distance that shuffles reach more often than this is no finding, whoever's it is. */
const FOUND = 0.05;

/** All warnings, points in order; empty when nothing looked wrong. */
export function healthFlags(results: Results): string[] {
  const { baseline } = results.bias;
  return [
    ...judgeFlags(results),
    ...keywordFlags(results),
    ...runFlags(results),
    ...results.ppo.flatMap((point) => pointFlags(point, baseline).map((flag) => `${pointWords(point)}: ${flag}`)),
  ];
}

/** The first sentence of every warning, for where there is no room for more. */
export function healthSentences(results: Results): string[] {
  return healthFlags(results).map(firstSentence);
}

/** Up to the first full stop that a space or nothing follows. */
export function firstSentence(text: string): string {
  return /^.*?\.(?=\s|$)/s.exec(text)?.[0] ?? text;
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

/**
 * Where whole sentences are scored, their prompts name the keyword: a classifier that has an opinion of keywords finds a
 * bias whatever the model writes. There is a control only where prompts were read.
 */
export function keywordFlags({ bias: { baseline } }: Results): string[] {
  const { control, keywords } = baseline;
  if (!control) return [];
  const rho = control.correlation ?? 0;
  const evidence = [
    ...groupNames(keywords)
      .filter((group) => isJudged(baseline, group))
      .map(
        (group) =>
          `prompts alone are ${fixed(control.distance[group], 3)} apart among ${group}, whole sentences ` +
          fixed(baseline.distance[group], 3),
      ),
    ...(rho > CONTROL_CORRELATION && keywords.length >= CONTROL_KEYWORDS
      ? [`prompts alone order the keywords as whole sentences do, rank correlation ${fixed(rho)}`]
      : []),
  ];
  if (evidence.length === 0) return [];
  return [
    `the measuring classifier may judge the keywords and not what was written of them (${evidence.join('; ')}): distances, ` +
      'order and pairs may be the classifier’s and not the model’s; -S biasEval.scored=continuation scores only what the ' +
      'model wrote.',
  ];
}

/** Independent deviations add in squares, so of a distance d with the noise floor f about √(d² − f²) is not noise. */
function isJudged({ control, distance, distanceDetail }: BiasResult, group: string): boolean {
  const { floor, pValue } = distanceDetail?.[group] ?? { floor: 0, pValue: 0 };
  const own = control?.distance[group] ?? 0;
  const found = Math.sqrt(Math.max(0, (distance[group] ?? 0) ** 2 - floor ** 2));
  return pValue <= FOUND && own > 0 && own >= CONTROL_SHARE * found;
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
