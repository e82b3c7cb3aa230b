import { expect, test } from 'vitest';
import { curveRow, learningCurve } from '../../activities/model-jobs/learning-curve.js';
import { wilsonInterval } from '../../core/bias/index.js';
import { initialBert } from '../../core/nn/index.js';
import { config, labels, texts } from '../core/train/one-telling-token.js';

const numbers = labels.map((_, i) => i);
const split = { train: numbers.slice(0, 280), validation: numbers.slice(280) };
const settings = { epochs: 10, batchSize: 8, maxTokens: 24, peakLr: 0.005, warmupSteps: 10, stepsPerRun: 4, seed: 1 };
const input = { config, params: initialBert(config, 2), texts, labels, split, settings };

test('learningCurve rises with the sentences learned from, and repeats', async () => {
  const rows = await learningCurve(input, [0.5, 0.05]);
  expect(rows.map(({ trained }) => trained)).toEqual([14, 140]);
  const [few, many] = rows;
  expect(many!.accuracy).toBeGreaterThan(0.9);
  expect(many!.accuracy).toBeGreaterThan(few!.accuracy);
  expect(many!.loss).toBeLessThan(few!.loss);
  expect(many!.interval[0]).toBeLessThan(many!.accuracy);
  expect(await learningCurve(input, [0.05])).toEqual([few]);
});

test('learningCurve of no shares trains nothing', async () => {
  expect(await learningCurve(input, [])).toEqual([]);
});

test('curveRow carries the Wilson interval of the accuracy', () => {
  expect(curveRow(5, 100, 0.81, 0.4)).toEqual({
    trained: 5,
    accuracy: 0.81,
    interval: wilsonInterval(81, 100),
    loss: 0.4,
  });
});
