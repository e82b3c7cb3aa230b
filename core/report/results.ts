/**
 * The form of `results.json`: what a run found, in numbers. Types, parser and JSON schema come from one definition.
 * Knows nothing of how a figure was computed. Groups are data: a study about other things has other group names.
 */
import { z } from 'zod';
import { biasResultSchema, byGroup, distanceChangeSchema, interval } from './bias-schema.js';
import type {
  distanceDetailSchema,
  furtherMeasureSchema,
  keywordResultSchema,
  pairTestsSchema,
  qualitySchema,
  rewardSummarySchema,
  truthSchema,
} from './bias-schema.js';

/** Wire name of this form. It changes when a reader of the old form would misread the new one. */
export const RESULTS_SCHEMA = 'debias.results/1';

const classCounts = z.tuple([z.int(), z.int()]);

export const classifierSchema = z.object({
  accuracy: z.number().describe('share of held-out sentences whose class is right'),
  n: z.int().exactOptional().describe('held-out sentences; none has a near duplicate among those learned from'),
  trained: z.int().exactOptional().describe('sentences learned from'),
  interval: interval.exactOptional().describe('Wilson interval of the accuracy, 95 %'),
  classes: z.array(z.string()).exactOptional().describe('names of class 0 and class 1, the good one last'),
  f1: z.number().exactOptional().describe('mean of the F1 of both classes'),
  f1ByClass: z.tuple([z.number(), z.number()]).exactOptional(),
  confusion: z.tuple([classCounts, classCounts]).exactOptional().describe('by true class, then by predicted class'),
  calibrationError: z.number().exactOptional().describe('expected calibration error over ten bins of probability'),
  brier: z.number().exactOptional(),
  loss: z.number().exactOptional().describe('mean cross-entropy of the held-out sentences, nats'),
  reliability: z
    .array(z.object({ low: z.number(), high: z.number(), n: z.int(), predicted: z.number(), observed: z.number() }))
    .exactOptional(),
  lengthCorrelation: z.number().exactOptional().describe('Spearman’s ρ of probability and length in characters'),
  nearDuplicates: z.int().exactOptional().describe('labelled sentences that have a near duplicate'),
  learningCurve: z
    .array(
      z.object({
        trained: z.int().describe('sentences learned from'),
        accuracy: z.number(),
        interval,
        loss: z.number().describe('mean cross-entropy of the held-out sentences, nats'),
      }),
    )
    .exactOptional()
    .describe('held-out quality by the number of sentences learned from, rising; the last row learned from all'),
});

export const measureSchema = z.object({
  name: z.string(),
  kind: z.enum(['classifier', 'lexicon', 'model']),
  range: z.tuple([z.number(), z.number()]).describe('lowest and highest score that it can give'),
  sha256: z.string().exactOptional().describe('digest of the word list or model'),
});

export const vocabularyEffectSchema = z.object({
  texts: z.int().describe('cleaned texts'),
  changed: z.int().describe('texts that are written with other tokens than before'),
  tokensBefore: z.int().describe('tokens of all texts'),
  tokensAfter: z.int(),
  sampledTexts: z.int().describe('texts that the two models below were tried on, drawn evenly from all'),
  sampledBytes: z.int().describe('their length in bytes of UTF-8'),
  bitsPerByteBefore: z
    .number()
    .describe(
      '−log2 of the probability that the model as it came gives these texts, a byte; comparable between tokenizers',
    ),
  bitsPerByteAfter: z.number().describe('the same with the new words, before any fine-tuning'),
});

export const vocabularySchema = z.object({
  candidates: z.int().describe('nouns that the vocabulary lacked'),
  words: z.int().describe('those that took the place of an unused entry'),
  effect: vocabularyEffectSchema,
});

const single = z.union([z.number(), z.string(), z.boolean()]);

export const pointSchema = z.object({
  epochs: z.int().describe('PPO epochs'),
  seed: z.int(),
  label: z.string().exactOptional().describe('name of the point, different for each; `epochs=1 seed=0` where absent'),
  overrides: z
    .record(z.string(), z.union([single, z.array(z.union([single, z.record(z.string(), single)]))]))
    .exactOptional()
    .describe('every setting that has several values in the sweep, with the value of this point'),
});

const folderSchema = z.object({ kind: z.literal('folder'), sha256: z.string(), sizeBytes: z.int() });

export const modelsSchema = z.object({
  language: z.string().describe('BCP 47 tag of the texts'),
  baseline: folderSchema.describe('the fine-tuned model, as a folder in the store'),
  ppo: z.array(pointSchema.extend({ model: folderSchema })).describe('the policy of each sweep point'),
});

export const trajectoryPointSchema = z.object({
  batch: z.int().describe('PPO batches finished; 0 is the fine-tuned model'),
  episodes: z.int(),
  kl: z.number().exactOptional().describe('nats a response, in the batch before'),
  reward: z.number().exactOptional().describe('mean reward of the batch before'),
  distance: byGroup(z.number()).describe(
    'mean pairwise distance on a few sentences a keyword: comparable along the run only',
  ),
  floor: byGroup(z.number()).describe('what sampling noise alone gives with so few sentences'),
  generalPerplexity: z.number().exactOptional(),
});

export const ppoResultSchema = biasResultSchema.extend({
  ...pointSchema.shape,
  trajectory: z
    .array(trajectoryPointSchema)
    .exactOptional()
    .describe('bias and writing along PPO, where it was followed'),
  stopped: z
    .object({
      batch: z.int().describe('batches trained'),
      kept: z.int().describe('batch whose model is the result'),
      reason: z.string().exactOptional().describe('absent where all batches were trained'),
    })
    .exactOptional()
    .describe('where the best of the followed models was kept'),
  ownBaseline: biasResultSchema
    .pick({ reward: true, distance: true, quality: true })
    .exactOptional()
    .describe('the fine-tuned model that this point started from, where it is another than `bias.baseline`'),
  group: z.string().exactOptional().describe('label of its group, where there are several'),
  change: byGroup(distanceChangeSchema).exactOptional().describe('against the baseline'),
  health: z.array(z.string()).exactOptional().describe('what looked wrong during training, in words'),
});

export const sweepGroupSchema = z.object({
  label: z.string().describe('in what its points differ from all others, `learningRate=0.001`'),
  overrides: pointSchema.shape.overrides.unwrap(),
  measured: z
    .string()
    .describe(
      'name of the way of measuring, empty where all are measured alike; figures of groups with different names cannot be set beside one another',
    ),
  baseline: biasResultSchema.describe('the fine-tuned model that its points started from'),
});

const tiedSchema = pointSchema.extend({
  differences: z.array(
    z.object({
      group: z.string(),
      difference: z.number().describe('mean pairwise distance of this point − that of the best one'),
      interval: interval.describe('95 % interval, paired, as in `differences`'),
    }),
  ),
});

const bestSchema = pointSchema.extend({
  rule: z.string(),
  qualityKept: z.boolean().describe('whether general perplexity stayed within the bound of the rule'),
  tied: z
    .array(tiedSchema)
    .exactOptional()
    .describe(
      'points that the rule chose between and that cannot be told apart from this one: in every group the paired interval of ' +
        'the difference contains 0; lowest mean distance first',
    ),
});

export const resultsSchema = z.object({
  schema: z.literal(RESULTS_SCHEMA),
  kind: z
    .enum(['study', 'measurement'])
    .exactOptional()
    .describe('measurement: nothing was trained but the classifier'),
  run: z.string(),
  preset: z.string(),
  fingerprint: z.union([z.string(), z.record(z.string(), z.unknown())]),
  stages: z.array(
    z.object({
      name: z.string(),
      seconds: z.number(),
      reused: z.boolean(),
      key: z.string().exactOptional().describe('digest of name, version, settings and inputs'),
      digest: z.string().exactOptional().describe('digest of what the stage made'),
    }),
  ),
  bias: z.object({
    baseline: biasResultSchema.describe('the fine-tuned model that the recommended point started from'),
  }),
  reward: classifierSchema.exactOptional().describe('absent where nothing was mitigated'),
  measure: classifierSchema.exactOptional(),
  measures: z
    .array(measureSchema)
    .exactOptional()
    .describe('what scored the sentences: the first stands in `bias` and `ppo`, the others in their `measures`'),
  labelled: z
    .array(z.object({ keyword: z.string(), labelled: z.int(), total: z.int() }))
    .exactOptional()
    .describe('labelled sentences that name a keyword: how many are negative, of how many'),
  vocabulary: vocabularySchema.exactOptional().describe('absent where nothing was fine-tuned'),
  inputs: z.record(z.string(), z.string()).exactOptional().describe('sha256 of what the run started from, by name'),
  ppo: z.array(ppoResultSchema),
  differences: z
    .array(
      z.object({
        a: z
          .string()
          .describe('label of a point, or `baseline`; of a model that other points started from `baseline GROUP`'),
        b: z.string(),
        group: z.string(),
        difference: z.number().describe('mean pairwise distance of b − that of a'),
        interval: interval.describe(
          '95 % interval, paired: both answered the same probes with the same random numbers',
        ),
      }),
    )
    .exactOptional()
    .describe('each point against the baseline and each other; of many points only against the baseline and the best'),
  missing: z.array(pointSchema.extend({ reason: z.string() })).exactOptional(),
  models: modelsSchema.exactOptional(),
  groups: z
    .array(sweepGroupSchema)
    .exactOptional()
    .describe('where points of the sweep differ before PPO: those that started from the same fine-tuned model'),
  best: bestSchema
    .nullable()
    .describe(
      'the recommended point; where points were measured in different ways, of those measured as the first group',
    ),
  bestOfEach: z
    .array(bestSchema.extend({ measured: z.string().describe('as in `groups`') }))
    .exactOptional()
    .describe('where points were measured in different ways: the best point of each way'),
});

/** Results are only read once they are made. */
type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

export type KeywordResult = Frozen<z.infer<typeof keywordResultSchema>>;
export type DistanceDetail = Frozen<z.infer<typeof distanceDetailSchema>>;
export type DistanceChange = Frozen<z.infer<typeof distanceChangeSchema>>;
export type PairTestsResult = Frozen<z.infer<typeof pairTestsSchema>>;
export type RewardSummary = Frozen<z.infer<typeof rewardSummarySchema>>;
export type Quality = Frozen<z.infer<typeof qualitySchema>>;
export type BiasResult = Frozen<z.infer<typeof biasResultSchema>>;
export type PpoResult = Frozen<z.infer<typeof ppoResultSchema>>;
export type Models = Frozen<z.infer<typeof modelsSchema>>;
export type VocabularyEffect = Frozen<z.infer<typeof vocabularyEffectSchema>>;
export type ClassifierResult = Frozen<z.infer<typeof classifierSchema>>;
export type FurtherMeasure = Frozen<z.infer<typeof furtherMeasureSchema>>;
export type TruthResult = Frozen<z.infer<typeof truthSchema>>;
export type MeasureDescription = Frozen<z.infer<typeof measureSchema>>;
export type TrajectoryPoint = Frozen<z.infer<typeof trajectoryPointSchema>>;
export type SweepGroup = Frozen<z.infer<typeof sweepGroupSchema>>;
export type SweepPoint = Frozen<z.infer<typeof pointSchema>>;
export type Results = Frozen<z.infer<typeof resultsSchema>>;

/** A `results.json` that is not one. */
export class ResultsFormatError extends Error {
  override readonly name = 'ResultsFormatError';
  constructor(
    readonly where: string,
    readonly issues: string,
  ) {
    super(`parseResults: expected ${RESULTS_SCHEMA} in ${where}, got something else:\n${issues}`);
  }
}

/** Reads the text of a `results.json`. `where` names it in errors. */
export function parseResults(text: string, where: string): Results {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new ResultsFormatError(where, error instanceof Error ? error.message : String(error));
  }
  const parsed = resultsSchema.safeParse(data);
  if (!parsed.success) throw new ResultsFormatError(where, z.prettifyError(parsed.error));
  return parsed.data;
}

/** JSON Schema (2020-12) of `results.json`. Further fields are allowed, so that a newer writer keeps older readers. */
export function resultsJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(resultsSchema, { io: 'input' }), title: 'Results of a debias run' };
}
