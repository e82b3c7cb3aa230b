/**
 * Reads a PPO curve as a person would and says in plain words what looks wrong. Changes nothing. The report repeats these
 * words and judges no curve of its own.
 */

import type { PpoBatchStats } from './ppo-stats.js';

export type HealthProblem =
  | 'sampled-otherwise'
  | 'negative-kl'
  | 'ratio-far-from-1'
  | 'entropy-collapse'
  | 'repeated-outputs'
  | 'value-loss'
  | 'kl-run-away';

export interface HealthFlag {
  readonly problem: HealthProblem;
  /** First batch that shows it. */
  readonly batch: number;
  readonly message: string;
}

/** Nats an episode that rounding alone may take the KL of two equal models below 0. */
const NEGATIVE_KL = -0.05;
/**
 * Standard errors of the mean KL that the choice of texts may take it below 0: by chance about once in 30 000 batches
 * where the true KL is 0. trl 0.11 warns below −1 nat whatever the spread, which is chance for few episodes or long ones and
 * too late for others.
 */
const NEGATIVE_KL_ERRORS = 4;
/** trl 0.11 skips a batch whose mean ratio is above this; here one token is enough to be told. */
const MAX_RATIO = 10;
/**
 * Of the first batch's. A rule of thumb: e^H tokens are as good as equally likely, and a quarter of H leaves the fourth root
 * of them, 2 of 25; half of H still leaves 5.
 */
const COLLAPSED_ENTROPY_SHARE = 0.25;
const MIN_DISTINCT_SHARE = 0.5;
const VALUE_LOSS_GROWTH = 10;
/** Nats a response token: four times the budget of 0.25 that Ziegler et al. 2019 aim at. */
const MAX_KL_PER_TOKEN = 1;

/** How the run sampled and scored. */
export interface HealthContext {
  readonly responseTokens: number;
  readonly temperature: number;
  readonly logProbTemperature: number;
  readonly topK: number;
}

interface Check {
  readonly problem: HealthProblem;
  readonly wrong: (batch: PpoBatchStats, first: PpoBatchStats, context: HealthContext) => boolean;
  readonly say: (batch: PpoBatchStats, first: PpoBatchStats, context: HealthContext) => string;
}

const show = (value: number) => value.toPrecision(3);

const checks: readonly Check[] = [
  {
    problem: 'sampled-otherwise',
    wrong: (_batch, _first, { topK, temperature, logProbTemperature }) =>
      topK > 0 || temperature !== logProbTemperature,
    say: (_batch, _first, { topK, temperature, logProbTemperature }) =>
      `texts were sampled at temperature ${temperature}${topK > 0 ? ` from the ${topK} likeliest tokens` : ''} but their ` +
      `log-probabilities are those of all tokens at temperature ${logProbTemperature}: the KL is an estimate of something ` +
      'else and may be negative',
  },
  {
    problem: 'negative-kl',
    wrong: ({ kl, klStd }, { episodes }) =>
      kl < Math.min(NEGATIVE_KL, (-NEGATIVE_KL_ERRORS * klStd) / Math.sqrt(episodes)),
    say: ({ kl }) =>
      `the estimated KL to the reference was ${show(kl)} nats an episode, though a true KL is never negative and chance does not ` +
      'explain it: the texts were sampled otherwise than they were scored; sample from all tokens at the temperature of the log-probabilities',
  },
  {
    problem: 'ratio-far-from-1',
    wrong: (batch) => batch.ratioMax > MAX_RATIO,
    say: ({ ratioMax }) =>
      `one update made a token ${show(ratioMax)} times as likely as when it was sampled; lower the learning rate or the PPO epochs`,
  },
  {
    problem: 'entropy-collapse',
    wrong: (batch, first) => batch.entropy < COLLAPSED_ENTROPY_SHARE * first.entropy,
    say: ({ entropy }, first) =>
      `the entropy of the next-token distribution fell from ${show(first.entropy)} to ${show(entropy)} nats: the policy writes ` +
      'nearly the same thing each time; raise the KL coefficient or lower the learning rate',
  },
  {
    problem: 'repeated-outputs',
    wrong: (batch, first) => batch.distinctResponses < MIN_DISTINCT_SHARE * first.distinctResponses,
    say: ({ distinctResponses }, first) =>
      `only ${show(100 * distinctResponses)} % of the responses of a batch differed from each other ` +
      `(${show(100 * first.distinctResponses)} % in the first batch); raise the KL coefficient`,
  },
  {
    problem: 'value-loss',
    wrong: (batch, first) => batch.valueLoss > VALUE_LOSS_GROWTH * Math.max(first.valueLoss, 1),
    say: ({ valueLoss }, first) =>
      `the value loss grew from ${show(first.valueLoss)} to ${show(valueLoss)}: the value head no longer follows the returns; ` +
      'lower the learning rate',
  },
  {
    problem: 'kl-run-away',
    wrong: (batch, _, { responseTokens }) => batch.kl > MAX_KL_PER_TOKEN * responseTokens,
    say: ({ kl }, _, { responseTokens }) =>
      `the policy went ${show(kl)} nats an episode (${show(kl / responseTokens)} a token) from the reference: it may be ` +
      'exploiting the reward and its other texts will have suffered; raise the KL coefficient or use an adaptive controller',
  },
];

/** The first batch of each problem, in the order of batches. */
export function judgeHealth(curve: readonly PpoBatchStats[], context: HealthContext): HealthFlag[] {
  const first = curve[0];
  if (first === undefined) return [];
  const flags = checks.flatMap(({ problem, wrong, say }) => {
    const bad = curve.find((batch) => wrong(batch, first, context));
    return bad === undefined ? [] : [{ problem, batch: bad.batch, message: say(bad, first, context) }];
  });
  return flags.toSorted((a, b) => a.batch - b.batch);
}
