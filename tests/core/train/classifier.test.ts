import { expect, test } from 'vitest';
import { writeSafetensors } from '../../../core/checkpoint/safetensors.js';
import { initialBert } from '../../../core/nn/index.js';
import { classifierMetrics, classify, trainClassifier } from '../../../core/train/index.js';
import type { TrainingState } from '../../../core/train/index.js';
import { hostTensor } from '../../../core/tensor.js';
import { config, labels, texts } from './one-telling-token.js';

const params = initialBert(config, 2);
const settings = {
  epochs: 12,
  batchSize: 8,
  maxTokens: 24,
  peakLr: 0.005,
  warmupSteps: 10,
  stepsPerRun: 4,
  seed: 1,
  checkpointEvery: 5,
};

test('trainClassifier learns which token matters, keeps the best epoch, and resumes to the same bytes', async () => {
  const states: TrainingState[] = [];
  const whole = await trainClassifier({
    config,
    params,
    texts,
    labels,
    settings,
    hooks: { checkpoint: async (state) => void states.push(structuredClone(state)) },
  });
  const accuracies = whole.evaluations.map(({ metrics }) => metrics['accuracy']!);
  expect(accuracies).toHaveLength(12);
  expect(Math.max(...accuracies)).toBeGreaterThan(0.95);
  const logits = await classify(config, whole.params, texts, { maxTokens: 24, batchSize: 16, threads: 1 });
  expect(logits.shape).toEqual([400, 2]);
  expect(classifierMetrics(logits, labels).accuracy).toBeGreaterThan(0.95);
  const resumed = await trainClassifier({ config, params, texts, labels, settings, resumeFrom: states[3]! });
  expect(Buffer.from(writeSafetensors(resumed.params)).equals(writeSafetensors(whole.params))).toBe(true);
});

test('trainClassifier stops early when the validation loss stays', async () => {
  const still = await trainClassifier({
    config,
    params,
    texts,
    labels,
    settings: { ...settings, peakLr: 0, patience: 2 },
  });
  expect(still.evaluations).toHaveLength(3);
});

test('classify gives a text the same scores whatever stands beside it', async () => {
  const together = await classify(config, params, texts.slice(0, 6), { maxTokens: 24, batchSize: 4, threads: 1 });
  const alone = await classify(config, params, texts.slice(5, 6), { maxTokens: 24, batchSize: 4, threads: 1 });
  expect(Math.abs(together.data[10]! - alone.data[0]!)).toBeLessThan(1e-5);
});

test('classifierMetrics computes cross-entropy and accuracy', () => {
  const metrics = classifierMetrics(hostTensor('float32', [2, 2], Float32Array.of(0, 0, 3, 1)), [1, 1]);
  expect(metrics.accuracy).toBe(0);
  expect(metrics.loss).toBeCloseTo((Math.log(2) + 2 + Math.log(1 + Math.exp(-2))) / 2, 6);
});

test('trainClassifier is judged on the texts that it is told to hold out, and on no others', async () => {
  const validation = [3, 4, 399];
  const { evaluations, params: trained } = await trainClassifier({
    config,
    params,
    texts,
    labels,
    validation,
    settings: { ...settings, epochs: 1 },
  });
  const logits = await classify(
    config,
    trained,
    validation.map((i) => texts[i]!),
    { maxTokens: 24, batchSize: 16, threads: 1 },
  );
  const wanted = classifierMetrics(
    logits,
    validation.map((i) => labels[i]!),
  );
  expect(evaluations.at(-1)!.metrics['loss']).toBeCloseTo(wanted.loss, 5);
  await expect(trainClassifier({ config, params, texts, labels, validation: [400], settings })).rejects.toThrow(
    'different positions of 400 texts',
  );
});
