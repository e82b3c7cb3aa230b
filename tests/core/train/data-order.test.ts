import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  batchesByLength,
  bucketOf,
  epochRuns,
  lengthBuckets,
  stepsPerEpoch,
  validationSplit,
} from '../../../core/train/data-order.js';

const lengths = Array.from({ length: 203 }, (_, i) => 3 + ((i * 37) % 60));
const settings = { seed: 7, batchSize: 4, stepsPerRun: 5, buckets: lengthBuckets(48) };

test('epochRuns visits each text once, pads none below its length, and takes the planned number of steps', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 150 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat(5),
      (lengths, batchSize, epoch) => {
        const runs = epochRuns(lengths, epoch, { ...settings, batchSize });
        const texts = runs.flatMap((run) => run.batches.flat());
        expect([...texts].sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
        expect(runs.flatMap((run) => run.batches)).toHaveLength(stepsPerEpoch(lengths.length, batchSize));
        for (const run of runs)
          for (const text of run.batches.flat()) expect(Math.min(48, lengths[text]!)).toBeLessThanOrEqual(run.tokens);
        for (const run of runs) expect([1, settings.stepsPerRun]).toContain(run.batches.length);
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

test('epochRuns is the same for the same epoch and another for another', () => {
  expect(epochRuns(lengths, 1, settings)).toEqual(epochRuns(lengths, 1, settings));
  expect(epochRuns(lengths, 1, settings)).not.toEqual(epochRuns(lengths, 2, settings));
  expect(epochRuns(lengths, 1, settings)).not.toEqual(epochRuns(lengths, 1, { ...settings, seed: 8 }));
});

test('lengthBuckets rise up to the longest text', () => {
  expect(lengthBuckets(64)).toEqual([16, 24, 32, 48, 64]);
  expect(lengthBuckets(200)).toEqual([16, 24, 32, 48, 64, 128, 200]);
  expect(lengthBuckets(10)).toEqual([10]);
  expect(bucketOf([16, 32], 17)).toBe(32);
  expect(bucketOf([16, 32], 90)).toBe(32);
});

test('batchesByLength holds each text once', () => {
  const batches = batchesByLength(lengths, [16, 32, 64], 8);
  expect(batches.flatMap(({ texts }) => texts).sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
  for (const { tokens, texts } of batches) for (const text of texts) expect(lengths[text]).toBeLessThanOrEqual(tokens);
});

test('validationSplit divides 7:3 without overlap', () => {
  const { train, validation } = validationSplit(100, 0.3, 1);
  expect([train.length, validation.length]).toEqual([70, 30]);
  expect(new Set([...train, ...validation]).size).toBe(100);
});
