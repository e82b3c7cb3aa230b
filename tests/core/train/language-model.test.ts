import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { writeSafetensors } from '../../../core/checkpoint/safetensors.js';
import { initialGpt2, parseGpt2Config } from '../../../core/nn/index.js';
import type { Parameters } from '../../../core/nn/index.js';
import { RandomSequence } from '../../../core/random/counter.js';
import { LikelihoodMeter, perplexity, trainLanguageModel } from '../../../core/train/index.js';
import { perplexityOf } from '../../../core/train/language-model.js';
import type { TrainingState } from '../../../core/train/index.js';

const config = parseGpt2Config({
  model_type: 'gpt2',
  vocab_size: 40,
  n_positions: 40,
  n_embd: 16,
  n_layer: 2,
  n_head: 2,
  resid_pdrop: 0.1,
});
const params = initialGpt2(config, 1);

/** Texts that count upwards from a random start: easy to learn, of many lengths. */
function countingTexts(count: number): number[][] {
  const draw = new RandomSequence({ seed: 3, stream: 'texts', step: 0 });
  return Array.from({ length: count }, () => {
    const start = draw.integer(40);
    return Array.from({ length: 5 + draw.integer(30) }, (_, i) => (start + i) % 40);
  });
}

const texts = countingTexts(120);
const settings = {
  epochs: 3,
  batchSize: 4,
  maxTokens: 32,
  peakLr: 0.01,
  warmupSteps: 4,
  evaluateEvery: 10,
  checkpointEvery: 1,
  stepsPerRun: 3,
  seed: 5,
};

const digest = (params: Parameters) => createHash('sha256').update(writeSafetensors(params)).digest('hex');

test('trainLanguageModel resumed from any checkpoint gives the bytes of an undisturbed run', async () => {
  for (const dropout of [false, true]) {
    const states: TrainingState[] = [];
    const checkpoint = async (state: TrainingState) => void states.push(structuredClone(state));
    const whole = await trainLanguageModel({
      config,
      params,
      texts,
      settings: { ...settings, dropout },
      hooks: { checkpoint },
    });
    expect(whole.steps).toBe(3 * 21);
    for (const at of [0, Math.floor(states.length / 2), states.length - 2]) {
      const resumed = await trainLanguageModel({
        config,
        params,
        texts,
        settings: { ...settings, dropout },
        resumeFrom: states[at]!,
      });
      expect(digest(resumed.params)).toBe(digest(whole.params));
      expect(resumed.curve).toEqual(whole.curve);
      expect(resumed.evaluations).toEqual(whole.evaluations);
    }
  }
});

test('trainLanguageModel with dropout learns other parameters than without', async () => {
  const short = { ...settings, epochs: 1 };
  const plain = await trainLanguageModel({ config, params, texts, settings: short });
  const dropped = await trainLanguageModel({ config, params, texts, settings: { ...short, dropout: true } });
  expect(digest(dropped.params)).not.toBe(digest(plain.params));
  expect(Math.abs(dropped.curve[0]!.loss - plain.curve[0]!.loss)).toBeLessThan(0.2);
});

test('trainLanguageModel learns, and neither checkpoints nor evaluations change what it learns', async () => {
  const sparse = await trainLanguageModel({
    config,
    params,
    texts,
    settings: { ...settings, checkpointEvery: 0, evaluateEvery: 0 },
  });
  const dense = await trainLanguageModel({ config, params, texts, settings });
  expect(digest(sparse.params)).toBe(digest(dense.params));
  const losses = dense.evaluations.map(({ metrics }) => metrics['loss']!);
  expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.5);
  expect(dense.evaluations.at(-1)?.metrics['perplexity']).toBeCloseTo(Math.exp(losses.at(-1)!), 6);
});

test('perplexity of a model whose scores are all equal is the size of the vocabulary', async () => {
  const flat = Object.fromEntries(
    Object.entries(params).map(([name, tensor]) => [name, { ...tensor, data: new Float32Array(tensor.data.length) }]),
  );
  expect(await perplexity(config, flat, texts, { maxTokens: 40, batchSize: 8, threads: 1 })).toBeCloseTo(40, 3);
});

test('trainLanguageModel counts the labels that are given and no others', async () => {
  const prompts = texts.map((_, i) => 1 + (i % 4));
  const labels = texts.map((text, i) => text.map((token, at) => (at < prompts[i]! ? -100 : token)));
  const meter = new LikelihoodMeter(config, { maxTokens: 40, batchSize: 8, threads: 1 });
  const [whole, answers, starts] = [
    await meter.measure(params, texts),
    await meter.measure(params, texts, labels),
    await meter.measure(
      params,
      texts.map((text, i) => text.slice(0, prompts[i])),
    ),
  ];
  await meter.release();
  // A text's likelihood is that of its start times that of the rest given the start.
  expect(answers.count).toBe(whole.count - starts.count);
  expect(answers.sum).toBeCloseTo(whole.sum - starts.sum, 2);

  const still = { ...settings, epochs: 1, peakLr: 0, stepsPerRun: 1, batchSize: 120, validationShare: 0 };
  const { curve } = await trainLanguageModel({ config, params, texts, labels, settings: still });
  const cut = { maxTokens: 32, batchSize: 8, threads: 1 };
  const seen = new LikelihoodMeter(config, cut);
  const short = (list: readonly number[][]) => list.map((tokens) => tokens.slice(0, 32));
  const { sum, count } = await seen.measure(params, short(texts), short(labels));
  await seen.release();
  expect(curve[0]?.loss).toBeCloseTo(sum / count, 4);
  await expect(trainLanguageModel({ config, params, texts, labels: labels.slice(1), settings: still })).rejects.toThrow(
    'expected a label for each token of 120 texts',
  );
});

test('perplexityOf is e to the loss, and a number whatever the loss', () => {
  expect(perplexityOf(Math.log(40))).toBeCloseTo(40, 9);
  expect(perplexityOf(20_000)).toBeLessThan(Infinity);
  expect(perplexityOf(20_000)).toBeGreaterThan(1e300);
});
