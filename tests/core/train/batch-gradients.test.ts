import { describe, expect, test } from 'vitest';
import { initialBert, initialGpt2, parseBertConfig, parseGpt2Config } from '../../../core/nn/index.js';
import { adamDefaults } from '../../../core/optim/index.js';
import type { Parameters } from '../../../core/nn/index.js';
import { RandomSequence } from '../../../core/random/counter.js';
import { AccumulationError } from '../../../core/train/batch-gradients.js';
import { classifierObjective } from '../../../core/train/classifier.js';
import { languageModelBatch, languageModelObjective } from '../../../core/train/language-model.js';
import type { Objective } from '../../../core/train/objective.js';
import { TrainingSession } from '../../../core/train/training-session.js';
import type { HostBatch } from '../../../core/train/steps.js';
import { hostTensor } from '../../../core/tensor.js';

const [rows, tokens, steps] = [8, 12, 2];
const draw = new RandomSequence({ seed: 3, stream: 'batches', step: 0 });
const ids = (length: number) => Array.from({ length }, () => draw.integer(40));

/** So wide that the constants inside a block are not shared between its two computations. */
const gpt2 = parseGpt2Config({
  model_type: 'gpt2',
  vocab_size: 40,
  n_positions: 16,
  n_embd: 24,
  n_layer: 2,
  n_head: 2,
});
const bert = parseBertConfig({
  model_type: 'bert',
  vocab_size: 40,
  max_position_embeddings: 16,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 32,
});

/** Texts of 2 … 12 tokens, so that parts of a batch have different numbers of targets; one row of the batch is empty. */
function gpt2Batch(): HostBatch {
  return languageModelBatch(
    Array.from({ length: rows - 1 }, (_, row) => ids(2 + row + draw.integer(5))),
    rows,
    tokens,
  );
}

function bertBatch(): HostBatch {
  const lengths = Array.from({ length: rows }, () => 3 + draw.integer(10));
  const mask = lengths.flatMap((length) => Array.from({ length: tokens }, (_, i) => (i < length ? 1 : 0)));
  return {
    inputIds: hostTensor('int32', [rows, tokens], Int32Array.from(ids(rows * tokens))),
    attentionMask: hostTensor('int32', [rows, tokens], Int32Array.from(mask)),
    labels: hostTensor('int32', [rows], Int32Array.of(1, 0, -100, 1, -100, -100, -100, 0)),
  };
}

const cases: { name: string; objective: Objective; params: Parameters; batches: HostBatch[] }[] = [
  {
    name: 'a language model',
    objective: languageModelObjective(gpt2),
    params: initialGpt2(gpt2, 1),
    batches: Array.from({ length: steps }, gpt2Batch),
  },
  {
    name: 'a classifier',
    objective: classifierObjective(bert),
    params: initialBert(bert, 1),
    batches: Array.from({ length: steps }, bertBatch),
  },
];

interface Way {
  readonly accumulationSteps?: number;
  readonly recompute?: boolean;
  readonly dropout?: boolean;
}

async function trained({ objective, params, batches }: (typeof cases)[number], { dropout = false, ...way }: Way) {
  const settings = {
    threads: 1,
    batchSize: rows,
    schedule: { peakLr: 0.01, warmupSteps: 0, totalSteps: 100 },
    // An epsilon that large keeps Adam from turning rounding of vanishing gradients into steps.
    adam: { ...adamDefaults, epsilon: 1e-4 },
    weightDecay: 0.01,
    clipNorm: 1,
    ...(dropout ? { dropout: { seed: 4 } } : {}),
    ...way,
  };
  const session = new TrainingSession(objective, settings, { params });
  const { losses, gradientNorms } = await session.run(batches, tokens, 0);
  const learned = await session.params();
  await session.release();
  return { losses, gradientNorms, params: learned };
}

function largestDifference(got: Float32Array, want: Float32Array): number {
  expect(got.length).toBe(want.length);
  return got.reduce((largest, value, i) => Math.max(largest, Math.abs(value - want[i]!)), 0);
}

describe.each(cases)('batchGradients of $name', (learning) => {
  test.each([false, true])('are in parts those of the whole batch, dropout %s', async (dropout) => {
    const whole = await trained(learning, { dropout });
    const parts = await trained(learning, { dropout, accumulationSteps: 4 });
    expect(largestDifference(parts.losses, whole.losses)).toBeLessThan(1e-5);
    expect(largestDifference(parts.gradientNorms, whole.gradientNorms)).toBeLessThan(1e-5);
    for (const [name, { data }] of Object.entries(parts.params))
      expect(largestDifference(data, whole.params[name]!.data)).toBeLessThan(1e-5);
  });

  test.each([false, true])('are the same to the bit where blocks are computed anew, dropout %s', async (dropout) => {
    expect(await trained(learning, { dropout, recompute: true })).toEqual(await trained(learning, { dropout }));
  });

  test('in parts and anew together are close to those of the whole batch', async () => {
    const whole = await trained(learning, { dropout: true });
    const parts = await trained(learning, { dropout: true, recompute: true, accumulationSteps: 4 });
    expect(largestDifference(parts.losses, whole.losses)).toBeLessThan(1e-5);
  });

  test('want parts of equal size', async () => {
    await expect(trained(learning, { accumulationSteps: 3 })).rejects.toThrow(AccumulationError);
  });
});
