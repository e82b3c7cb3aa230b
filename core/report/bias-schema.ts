/**
 * The form of what was measured of one model: scores by keyword, distances, pairs, truth, further measures. Knows nothing of how a
 * figure was computed.
 */
import { z } from 'zod';

export const interval = z.tuple([z.number(), z.number()]).describe('95 % interval, low end first');
export const byGroup = <T extends z.ZodType>(value: T) => z.record(z.string(), value);

export const keywordResultSchema = z.object({
  keyword: z.string(),
  group: z.string(),
  n: z.int().describe('number of sentences'),
  score: z.number().describe('mean score of the measuring classifier, probability of positive'),
  planted: z
    .number()
    .exactOptional()
    .describe('share of negative texts planted in the corpus, where the truth is known'),
  interval: interval.exactOptional(),
});

export const distanceDetailSchema = z.object({
  value: z.number().describe('mean |score a − score b| over the pairs of keywords in the group'),
  floor: z.number().describe('mean of the same figure when keywords are shuffled: what sampling noise alone gives'),
  aboveFloor: z.number().describe('value − floor'),
  pValue: z.number().describe('share of shuffles at least as far apart'),
  interval,
  wasserstein: z
    .object({ individual: z.number(), group: z.number() })
    .exactOptional()
    .describe('Wasserstein-1 of score distributions: keyword to keyword, and keyword to group'),
});

const differenceSchema = z.object({
  before: z.number(),
  after: z.number(),
  lowered: z.number().describe('before − after'),
  interval: interval.describe('95 % interval of before − after, by the same resampled probes on both sides'),
  excludesZero: z.boolean(),
});

export const distanceChangeSchema = z.object({
  reduction: z.number().describe('1 − after / before; 0 where keywords did not differ before'),
  interval: interval
    .exactOptional()
    .describe('of the reduction, 1 at most; absent where keywords may have differed by next to nothing before'),
  pValue: z.number().describe('randomisation test: before and after swapped sentence by sentence'),
  excludesZero: z
    .boolean()
    .exactOptional()
    .describe('whether the interval of the reduction excludes 0; false where there is none'),
  difference: differenceSchema.exactOptional().describe('mean pairwise distance before and after, in the score’s unit'),
  aboveFloor: differenceSchema
    .extend({
      reduction: z
        .number()
        .exactOptional()
        .describe('share, above 1 where the part after is below 0; absent where the part before may be 0'),
      reductionInterval: interval.exactOptional().describe('absent where the part before may be next to nothing'),
    })
    .exactOptional()
    .describe('the part of the distance above the noise floor'),
  shift: z
    .object({
      difference: z.number(),
      pValue: z.number(),
      effectSize: z.number(),
      interval: interval.exactOptional().describe('of the mean difference, by draw of random numbers'),
      excludesZero: z.boolean().exactOptional(),
    })
    .exactOptional()
    .describe('mean of after − before; signs flipped by draw of random numbers; effect size d_z over keywords'),
});

const pairSchema = z.object({
  high: z.string().describe('the keyword that is spoken of better'),
  highGroup: z.string(),
  low: z.string(),
  lowGroup: z.string(),
  difference: z.number().describe('mean of the paired differences, high − low'),
  pValue: z.number().describe('two-sided, by the test that `pairs.test` names'),
  qValue: z.number().describe('Benjamini–Hochberg over all pairs'),
});

const pairCount = z.object({ pairs: z.int(), significant: z.int() });

export const pairTestsSchema = pairCount.extend({
  within: byGroup(pairCount).describe('by group of both keywords; pairs of different groups under "across"'),
  level: z.number().describe('false discovery rate'),
  test: z
    .enum(['exchange within prompts', 'sign flips'])
    .exactOptional()
    .describe(
      'few sentences: exchanged between two keywords within prompts; many: signs of paired differences flipped',
    ),
  smallestP: z.number().describe('lowest p-value that this number of probes can give'),
  probes: z.int().describe('paired sentences of each pair'),
  detectable: z
    .object({ planned: z.number(), amongAll: z.number(), power: z.number(), standardDeviation: z.number() })
    .describe(
      'smallest difference of two keyword means that is found with this power: a pair chosen beforehand, one of all',
    ),
  top: z.array(pairSchema).describe('lowest q-value first'),
});

export const rewardSummarySchema = z.object({
  mean: z.number(),
  median: z.number(),
  notNegative: z.number().describe('share of rewards ≥ 0'),
});

export const qualitySchema = z.object({
  generalPerplexity: z.number().exactOptional().describe('perplexity on held-out general text, where one was given'),
  distinct2: z.number().describe('different bigrams / bigrams, over sentences from general prompts'),
  distinct1: z.number().exactOptional(),
  distinct3: z.number().exactOptional(),
  repetition: z.number().exactOptional().describe('share of 4-grams that stood earlier in the same sentence'),
  selfBleu2: z.number().exactOptional().describe('BLEU of each sentence against all others, n-grams up to 2, mean'),
  selfBleu3: z.number().exactOptional(),
  selfBleu4: z.number().exactOptional(),
  meanLength: z.number().exactOptional().describe('tokens a sentence'),
});

/** What one more measure says of the same sentences. */
export const furtherMeasureSchema = z.object({
  name: z.string(),
  keywords: z.array(keywordResultSchema.omit({ planted: true })),
  distance: byGroup(z.number()),
  distanceDetail: byGroup(distanceDetailSchema),
  pairs: pairCount,
  agreement: z
    .object({ spearman: z.number(), kendall: z.number() })
    .exactOptional()
    .describe('keyword means by this measure against those by the first; absent where one does not vary'),
  rankCorrelation: z
    .object({ spearman: z.number(), kendall: z.number() })
    .exactOptional()
    .describe('against 1 − planted share'),
  change: byGroup(distanceChangeSchema).exactOptional().describe('against the baseline by the same measure'),
});

const coverageSchema = z.object({
  n: z.int(),
  covered: z.int(),
  expected: z.number().describe('share that would be covered if nothing but the choice of sentences were at work'),
});

/** How measured scores relate to the planted truth: scores are not shares, so only up to a line. */
export const truthSchema = z.object({
  line: z
    .object({ intercept: z.number(), slope: z.number() })
    .describe('least squares: score = intercept + slope · (1 − planted share)'),
  sampling: z.number().describe('standard deviation of a keyword’s mean by the choice of sentences'),
  model: z.number().describe('standard deviation of keyword means around the line beyond that: the model’s own'),
  keywords: coverageSchema.describe(
    'keywords whose interval covers the line fitted without them; the model’s own deviation counts against it',
  ),
  pairs: coverageSchema.describe('pairs whose interval of the difference covers the line’s difference'),
  signs: z
    .object({ significant: z.int(), right: z.int() })
    .exactOptional()
    .describe(
      'pairs of different planted shares that differ significantly, and those of them whose order is the planted one',
    ),
  attainable: z
    .number()
    .describe('rank correlation that a model which follows the line would reach with this many sentences'),
  corrected: z
    .number()
    .exactOptional()
    .describe('rank correlation divided by the square root of the reliability: without the choice of sentences'),
});

/** Known without any truth. */
export const reliabilitySchema = z.object({
  sentences: z.int().describe('of a keyword'),
  halves: z.number().describe('correlation of keyword means of two random halves of the sentences, mean over splits'),
  value: z.number().describe('of the means over all sentences: Spearman–Brown; 0 for none'),
  ceiling: z.number().describe('square root of it: the highest correlation with any truth to be expected'),
});

export const biasResultSchema = z
  .object({
    keywords: z.array(keywordResultSchema),
    reward: rewardSummarySchema.exactOptional().describe('absent where nothing was mitigated'),
    distance: byGroup(z.number()),
    quality: qualitySchema,
    distanceDetail: byGroup(distanceDetailSchema).exactOptional(),
    control: z
      .object({ distance: byGroup(z.number()), correlation: z.number().exactOptional() })
      .exactOptional()
      .describe(
        'the measuring classifier on the prompts alone: its distances, and their rank correlation with the scores',
      ),
    pairs: pairTestsSchema.exactOptional().describe('every pair of keywords, within and across groups'),
    rankCorrelation: z
      .object({ spearman: z.number(), kendall: z.number() })
      .exactOptional()
      .describe('measured scores against 1 − planted share'),
    truth: truthSchema.exactOptional().describe('measured against planted, where different shares were planted'),
    halves: coverageSchema
      .exactOptional()
      .describe('keywords whose interval from one half of their sentences covers the mean of the other half'),
    reliability: reliabilitySchema
      .exactOptional()
      .describe('split-half reliability of the keyword means; absent with a single sentence a prompt'),
    measures: z
      .array(furtherMeasureSchema)
      .exactOptional()
      .describe('measures beside the first, in the order of their names'),
  })
  .meta({ id: 'biasResult' });
