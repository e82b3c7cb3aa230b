/** The shape of a study's configuration: every setting, its unit, its bounds and its default. Reads no file. */

import { z } from 'zod';
import { ppo } from './ppo-settings.js';
import { count, listOf, path, rate, seedNumber, share } from './setting-types.js';
import { sweepValue } from './sweep-value.js';

const data = z.strictObject({
  targets: path.describe('YAML file of keyword groups'),
  prompts: path.describe('YAML file of probe templates and general prompts'),
  generalText: path.describe('held-out general text, one sentence a line'),
  rewardLabels: path.describe('JSONL of {text, label} for the reward model, or CSV by the name .csv'),
  sentimentLabels: path.describe('JSONL or CSV of {text, label} for the independent measuring classifier'),
  reference: path.optional().describe("YAML file of an earlier study's figures, shown beside ours"),
  map: path.optional().describe('YAML file that places keywords on a map of tiles, for the report'),
  skipBadRows: z
    .boolean()
    .default(false)
    .describe('leave malformed labelled rows out and list them, instead of stopping'),
});

const webSource = z.strictObject({
  kind: z.literal('web'),
  newsBaseUrl: z.url(),
  newsApiBaseUrl: z.url(),
  cafeApiBaseUrl: z.url(),
  cafeId: z.string().min(1),
});
const fixtureSource = z.strictObject({
  kind: z.literal('fixture'),
  seed: seedNumber.default(7),
  size: z.enum(['small', 'smoke']).default('small'),
  bias: z
    .enum(['planted', 'none'])
    .default('planted')
    .describe('none: every keyword has the same share of negative texts, so that whatever is found is chance'),
});
const fileSource = z.strictObject({
  kind: z.literal('files'),
  files: listOf(path).describe('JSON lines, or CSV by the name .csv: text, and id, source, date where there are any'),
  skipBadRows: z.boolean().default(false).describe('leave malformed rows out and list them, instead of stopping'),
});

const crawl = z.strictObject({
  source: z.discriminatedUnion('kind', [fixtureSource, webSource, fileSource]),
  userAgent: z.string().min(1).default('debias/0.1 (research; honours robots.txt)'),
  requestsPerSecond: rate.default(1),
  concurrency: count.default(2),
  timeoutMs: count.default(30_000),
  maxBytes: count.default(10_000_000),
  checkpointEveryPages: count.default(20),
});

const clean = z.strictObject({
  minCharacters: count.default(8),
  maxCharacters: count.default(2_000),
  nearDuplicateSimilarity: share.default(0.8),
});

const explore = z
  .strictObject({
    topKeywords: count.default(20),
    coOccurringNouns: count.default(10),
    minNounCount: count.default(20),
    analyser: z
      .enum(['statistical', 'kiwi'])
      .default('statistical')
      .describe('finder of nouns; the statistics always run, kiwi adds its nouns of Korean texts'),
    kiwiModel: path.exactOptional().describe("folder of kiwi's model files: sj.morph and others"),
  })
  .refine(({ analyser, kiwiModel }) => analyser !== 'kiwi' || kiwiModel !== undefined, {
    path: ['kiwiModel'],
    error:
      "expected the folder of kiwi's model, as explore.analyser is kiwi; docs/your-own-study.md says how to get it",
  });

const vocabulary = z.strictObject({
  maxNewWords: z.number().int().min(0).max(100).default(97),
  minWordCount: count.default(20),
});

const model = z.strictObject({
  source: path.describe('folder in the Hugging Face format, or hf://ORGANISATION/NAME@REVISION'),
});

/** How a training batch is computed; neither changes what is learned but by rounding. */
const trainingMemory = {
  accumulationSteps: count
    .default(1)
    .describe('parts that a batch is read in, one after another: a divisor of batchSize; less memory, the same step'),
  recompute: z
    .boolean()
    .default(false)
    .describe('compute each block a second time for its gradients: less memory, a third more work'),
};

/** Refuses a batch that cannot be read in equal parts. */
function inEqualParts<T extends z.ZodType<{ batchSize: number; accumulationSteps: number }>>(schema: T) {
  return schema.refine(({ batchSize, accumulationSteps }) => batchSize % accumulationSteps === 0, {
    path: ['accumulationSteps'],
    error: 'expected a divisor of batchSize',
  });
}

const finetune = z.strictObject({
  epochs: count,
  batchSize: count,
  evaluationBatchSize: count.default(64),
  maxTokens: count,
  learningRate: rate,
  warmupSteps: z.number().int().min(0),
  weightDecay: z.number().min(0).default(0.01),
  clipNorm: z.number().min(0).default(1).describe('gradients are scaled to this norm where they exceed it; 0 = never'),
  validationShare: share.default(0.3),
  evaluateEverySteps: count,
  checkpointEverySteps: count,
  stepsPerRun: count.default(10),
  dropout: z.boolean().default(false).describe("drop at the rates of the model's config.json"),
  ...trainingMemory,
});

const classifier = z.strictObject({
  source: path
    .exactOptional()
    .describe('BERT to start from, as model.source; its tokenizer, layers, width and heads are then taken'),
  layers: count.default(2),
  width: count.default(64),
  heads: count.default(4),
  maxTokens: count.default(48),
  epochs: count.default(8),
  batchSize: count.default(32),
  learningRate: rate.default(1e-3),
  warmupSteps: z.number().int().min(0).default(50),
  weightDecay: z.number().min(0).default(0.01),
  validationShare: share.default(0.3),
  patience: z
    .number()
    .int()
    .min(0)
    .default(3)
    .describe('epochs without a lower validation loss before it stops; 0: never'),
  learningCurve: z
    .array(z.number().gt(0).lt(1))
    .default([])
    .describe(
      'parts of the training set to train on as well, for the learning curve; each costs up to a whole training',
    ),
  seed: seedNumber.default(0),
  dropout: z.boolean().default(false).describe("drop at the rates of the source's config.json"),
  ...trainingMemory,
});

const measure = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  kind: z.enum(['lexicon', 'model']).describe('lexicon: a file of words; model: a classifier of two classes'),
  source: path.describe('file of words; or folder in the Hugging Face format, or hf://ORGANISATION/NAME@REVISION'),
});

const biasEval = z.strictObject({
  repetitions: count.default(5),
  newTokens: count.default(15),
  temperature: rate.default(1),
  topK: z.number().int().min(0).default(50),
  topP: z.number().gt(0).max(1).default(0.95),
  repetitionPenalty: rate
    .default(1)
    .describe('scores of tokens that stand in the text already are divided by it where positive, else multiplied'),
  stopTokens: z.array(z.string().min(1)).default([]).describe('tokens that end a sentence, beside the end of text'),
  length: z
    .enum(['free', 'fixed'])
    .default('free')
    .describe('free: a sentence ends at a stop token or after newTokens; fixed: none is drawn, all have newTokens'),
  batchSize: count.default(60),
  generalRepetitions: count.default(5),
  scored: z
    .enum(['sentence', 'continuation'])
    .default('sentence')
    .describe(
      'what the classifier reads: prompt and continuation, or only what the model wrote, which the keyword cannot sway',
    ),
  bootstrapSamples: count.default(1_000),
  measures: z
    .array(measure)
    .default([])
    .refine(
      (list) => new Set(['sentiment', ...list.map(({ name }) => name)]).size === list.length + 1,
      'expected different names, none of them "sentiment", which is the classifier of the study',
    )
    .describe('what judges the sentences beside the classifier; each gets its own tables'),
});

/** Where model jobs run; `docs/gpu.md` says what each needs. */
const device = z.enum(['cpu', 'cuda', 'webgpu', 'tfjs:cpu', 'tfjs:wasm', 'tfjs:node', 'tfjs:node-gpu']);

const computeSettings = z.strictObject({
  device: device.default('cpu').describe('cpu, cuda or webgpu of onnxruntime, or a backend of TensorFlow.js'),
  precision: z
    .enum(['float32', 'float16'])
    .default('float32')
    .describe('of fine-tuning and of training classifiers; float16 is mixed precision, for a GPU that has it'),
  threads: count.default(2).describe('threads of a model job that runs alone'),
  sweepThreads: count.default(1).describe('threads of each sweep point'),
  modelSlots: count
    .exactOptional()
    .describe('model jobs at once on one worker; 2 on the CPU, and 1 elsewhere: a GPU serves one job at a time'),
  sweepParallel: count.default(8).describe('sweep points in progress at once, over all workers; the others wait'),
  stallSeconds: count.default(300).describe('a model job that reports nothing for so long is killed and retried'),
});

const compute = computeSettings.transform(({ modelSlots, ...given }) => ({
  ...given,
  modelSlots: modelSlots ?? (given.device === 'cpu' ? 2 : 1),
}));

/** Every setting of a study. Defaults are the study's own numbers where it has them. */
export const configSchema = z.strictObject({
  schema: z.literal('debias.study/1'),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/),
  language: z.enum(['ko', 'en']).default('ko'),
  seed: listOf(seedNumber).default([0]).describe('one sweep point for each seed and number of PPO epochs'),
  data,
  crawl,
  clean: clean.prefault({}),
  explore: explore.prefault({}),
  vocabulary: vocabulary.prefault({}),
  model,
  finetune: inEqualParts(finetune),
  sentiment: inEqualParts(classifier).prefault({}),
  biasEval: biasEval.prefault({}),
  reward: inEqualParts(classifier.extend({ scale: z.enum(['max-abs', 'z-score']).default('max-abs') })).prefault({}),
  ppo,
  compute: compute.prefault({}),
  sweep: z
    .record(z.string(), z.array(sweepValue).min(1))
    .default({})
    .describe(
      'path of a setting: its values, lists for a setting that is a list; one sweep point for each combination',
    ),
});

/** A complete, validated configuration. */
export type StudyConfig = z.infer<typeof configSchema>;

const measuringKeys = { schema: true, name: true, seed: true, sentiment: true, biasEval: true, compute: true } as const;

/** The settings of a measurement alone; an unknown key fails. */
export const measureConfigSchema = configSchema.pick(measuringKeys);

/** The same settings, read out of whatever configuration has them. */
export const measuringSchema = z.object(measureConfigSchema.shape);

export type MeasuringConfig = z.infer<typeof measuringSchema>;
