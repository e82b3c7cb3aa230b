import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { int32, readTensors, tensor } from '../../../bench/golden-case.js';
import { trainingStateCodec } from '../../../activities/model-jobs/training-state.js';
import type { Precision } from '../../../core/backends/index.js';
import { gpt2Parameters, initialBert, initialGpt2, parseGpt2Config } from '../../../core/nn/index.js';
import type { Gpt2Config, Parameters } from '../../../core/nn/index.js';
import { adamDefaults, lossScaleDefaults } from '../../../core/optim/index.js';
import type { LossScaleSettings } from '../../../core/optim/index.js';
import { trainClassifier } from '../../../core/train/classifier.js';
import { languageModelBatch, languageModelObjective, trainLanguageModel } from '../../../core/train/language-model.js';
import { TrainingSession } from '../../../core/train/training-session.js';
import type { RunOutcome, TrainingStart } from '../../../core/train/steps.js';
import { LossScaleExhaustedError } from '../../../core/train/training-types.js';
import type { TrainingState } from '../../../core/train/training-types.js';
import { hostTensor } from '../../../core/tensor.js';
import { config as bert, labels, texts } from './one-telling-token.js';

const folder = fileURLToPath(new URL('../../goldens/gpt2', import.meta.url));
const config = parseGpt2Config(JSON.parse(readFileSync(`${folder}/config.json`, 'utf8')));
const params = gpt2Parameters(config, await readTensors(folder, 'model.safetensors'));
const golden = await readTensors(folder, 'golden.safetensors');
const batches = int32(golden, 'train_batches'); // [K, B, T]
const [steps = 0, rows = 0, tokens = 0] = batches.shape;
const feeds = Array.from({ length: steps }, (_, i) => {
  const size = rows * tokens;
  const ids = hostTensor('int32', [rows, tokens], batches.data.slice(i * size, (i + 1) * size));
  return { inputIds: ids, labels: ids };
});

interface TorchStep {
  readonly loss: number;
  readonly norm: number | null;
  readonly taken: boolean;
  readonly scale: number;
}
interface TorchRun {
  readonly initial: number;
  readonly growthInterval: number;
  readonly steps: readonly TorchStep[];
}
const torch: { readonly training: readonly TorchRun[] } = JSON.parse(
  readFileSync(new URL('mixed-precision/torch.json', import.meta.url), 'utf8'),
);

interface Way {
  readonly precision?: Precision;
  readonly lossScale?: LossScaleSettings;
  readonly recompute?: boolean;
  readonly accumulationSteps?: number;
  readonly dropout?: { readonly seed: number };
}

const open = (way: Way, start: TrainingStart = { params }) =>
  new TrainingSession(
    languageModelObjective(config),
    {
      threads: 1,
      batchSize: rows,
      schedule: { peakLr: 0.005, warmupSteps: 4, totalSteps: 12 },
      adam: adamDefaults,
      weightDecay: 0.01,
      clipNorm: 1,
      precision: 'float16',
      ...way,
    },
    start,
  );

interface Trained extends RunOutcome {
  readonly state: Awaited<ReturnType<TrainingSession['state']>>;
}

interface Stretch {
  readonly first?: number;
  readonly last?: number;
  readonly perRun?: number;
  readonly start?: TrainingStart;
}

/** Steps `first` to `last`, in runs of so many. */
async function train(way: Way, { first = 0, last = steps, perRun = steps, start = { params } }: Stretch = {}) {
  const session = open(way, start);
  const outcomes: RunOutcome[] = [];
  for (let at = first; at < last; at += perRun)
    outcomes.push(await session.run(feeds.slice(at, Math.min(last, at + perRun)), tokens, at));
  const state = await session.state();
  await session.release();
  const all = (part: keyof RunOutcome) => Float32Array.from(outcomes.flatMap((outcome) => [...outcome[part]]));
  const trained: Trained = {
    losses: all('losses'),
    gradientNorms: all('gradientNorms'),
    lrs: all('lrs'),
    applied: all('applied'),
    lossScales: all('lossScales'),
    state,
  };
  return trained;
}

function largestRelative(got: Iterable<number>, want: ArrayLike<number | bigint>): number {
  return Math.max(...Array.from(got, (value, i) => Math.abs(value / Number(want[i]) - 1)));
}

const scaled = (changes: Partial<LossScaleSettings>): Way => ({ lossScale: { ...lossScaleDefaults, ...changes } });

describe('TrainingSession in float16', () => {
  // Half a unit of float16's last place is 5e-4 of a number; losses are means over many.
  test('follows the reference losses and norms of float64', async () => {
    const { losses, gradientNorms, applied } = await train({});
    expect(largestRelative(losses, tensor(golden, 'train_losses').data)).toBeLessThan(1e-4);
    expect(largestRelative(gradientNorms, tensor(golden, 'train_grad_norms').data)).toBeLessThan(1e-3);
    expect([...applied]).toEqual(Array(steps).fill(1));
  });

  test.each(torch.training)("follows PyTorch's autocast from a scale of $initial", async (run) => {
    const { initial, growthInterval } = run;
    // From the sixth step on PyTorch's own sums of float16 overflow at scales that ours, of float32, do not.
    const last = run.steps.some(({ taken }) => !taken) ? 6 : steps;
    const got = await train(scaled({ initial, growthInterval }), { last });
    const want = run.steps.slice(0, last);
    expect([...got.applied]).toEqual(want.map(({ taken }) => Number(taken)));
    expect([...got.lossScales]).toEqual(want.map(({ scale }) => scale));
    expect(
      largestRelative(
        got.losses,
        want.map(({ loss }) => loss),
      ),
    ).toBeLessThan(1e-4);
    const norms = want.flatMap(({ norm }, i) => (norm === null ? [] : [got.gradientNorms[i]! / norm]));
    expect(
      largestRelative(
        norms,
        norms.map(() => 1),
      ),
    ).toBeLessThan(1e-3);
  });

  test('is the same whether a step has a run to itself, and whether blocks are computed anew', async () => {
    const whole = await train({ dropout: { seed: 4 } });
    expect(await train({ dropout: { seed: 4 } }, { perRun: 1 })).toEqual(whole);
    expect(await train({ dropout: { seed: 4 }, recompute: true })).toEqual(whole);
  });

  test('is close to it where a batch is read in parts', async () => {
    const [whole, parts] = [await train({}), await train({ accumulationSteps: 2, recompute: true })];
    expect(largestRelative(parts.losses, whole.losses)).toBeLessThan(1e-4);
  });

  test('leaves parameters and moments as they were, to the bit, where gradients overflow, and halves the scale', async () => {
    const before = await train({}, { last: 3 });
    const start = { ...before.state, lossScaling: { scale: 2 ** 40, streak: 7, skipped: 0 } };
    const { state, applied, lossScales, gradientNorms } = await train({}, { first: 3, last: 5, start });
    expect([...applied]).toEqual([0, 0]);
    expect(Array.from(gradientNorms, Number.isFinite)).toEqual([false, false]);
    expect([...lossScales]).toEqual([2 ** 39, 2 ** 38]);
    expect(state).toEqual({ ...before.state, lossScaling: { scale: 2 ** 38, streak: 0, skipped: 2 } });
  });

  test('counts no skipped step in the corrections of the moments', async () => {
    const start = { params, lossScaling: { scale: 2 ** 40, streak: 0, skipped: 0 } };
    const { state } = await train({}, { last: 1, start });
    const lossScaling = { scale: 2 ** 16, streak: 0, skipped: 1 };
    const late = await train({}, { first: 1, last: 2, start: { ...state, lossScaling } });
    // The same batch at the same rate as an optimizer's first step.
    const early = await train({}, { first: 1, last: 2, start: { params, lossScaling } });
    expect(late.state).toEqual(early.state);
  });

  test('resumes from its state with the same bytes', async () => {
    const way = scaled({ initial: 2 ** 21, growthInterval: 2 });
    const whole = await train(way);
    expect(whole.state.lossScaling?.skipped).toBeGreaterThan(0);
    const half = await train(way, { last: 5 });
    expect((await train(way, { first: 5, start: half.state })).state).toEqual(whole.state);
  });
});

/** The gradient of every parameter: of a single step without clipping, m = (1 − β₁) g. */
async function gradientsOf(model: Gpt2Config, weights: Parameters, way: Way): Promise<Parameters> {
  const [batchSize, length] = [32, 32];
  const session = new TrainingSession(
    languageModelObjective(model),
    {
      threads: 1,
      batchSize,
      schedule: { peakLr: 1e-3, warmupSteps: 0, totalSteps: 9 },
      adam: adamDefaults,
      weightDecay: 0,
      clipNorm: 1e9,
      ...way,
    },
    { params: weights },
  );
  const read = Array.from({ length: batchSize }, (_, row) =>
    Array.from({ length }, (_token, t) => (7 * row + t * t) % 97),
  );
  await session.run([languageModelBatch(read, batchSize, length)], length, 0);
  const { m } = await session.state();
  await session.release();
  return m;
}

test('TrainingSession in float16 loses gradients below its range, unless the loss is scaled', async () => {
  // Tokens that occur nowhere have gradients of probability / targets each: 1 / 4096 / 992, four of float16's smallest number.
  const model = parseGpt2Config({
    model_type: 'gpt2',
    vocab_size: 4096,
    n_positions: 32,
    n_embd: 16,
    n_layer: 1,
    n_head: 2,
  });
  const weights = initialGpt2(model, 3);
  const unseen = (gradients: Parameters) => gradients['transformer.wte.weight']!.data.subarray(100 * 16);
  const exact = unseen(await gradientsOf(model, weights, {}));
  const errorAt = async (initial: number) => {
    const got = unseen(await gradientsOf(model, weights, { precision: 'float16', ...scaled({ initial }) }));
    const norm = (values: Float32Array) => Math.hypot(...values);
    return norm(got.map((value, i) => value - exact[i]!)) / norm(exact);
  };
  expect(await errorAt(1)).toBeGreaterThan(0.02);
  expect(await errorAt(2 ** -4)).toBe(1);
  expect(await errorAt(2 ** 16)).toBeLessThan(2e-3);
});

describe('trainLanguageModel in float16', () => {
  const lines = Array.from({ length: 24 }, (_, i) => Array.from({ length: 9 }, (_token, t) => (5 * i + 3 * t) % 90));
  const settings = {
    epochs: 2,
    batchSize: 4,
    maxTokens: 16,
    peakLr: 1e-3,
    evaluateEvery: 4,
    stepsPerRun: 2,
    threads: 1,
    precision: 'float16',
  } as const;

  test('goes on from a checkpoint as if it had not been interrupted, with its loss scale', async () => {
    const states: TrainingState[] = [];
    const whole = await trainLanguageModel({
      config,
      params,
      texts: lines,
      settings,
      hooks: { checkpoint: (state) => Promise.resolve(void states.push(state)) },
    });
    const [first] = states;
    expect(first?.lossScaling).toEqual({ scale: 2 ** 16, streak: first?.step, skipped: 0 });
    const resumeFrom = trainingStateCodec.decode(trainingStateCodec.encode(first!));
    expect(await trainLanguageModel({ config, params, texts: lines, settings, resumeFrom: resumeFrom! })).toEqual(
      whole,
    );
    expect(whole.curve.at(-1)).toMatchObject({ lossScale: 2 ** 16 });
  });

  test('ends where no scale helps, and says what to do', async () => {
    const broken = {
      ...params,
      'transformer.ln_f.weight': hostTensor('float32', [config.width], new Float32Array(config.width).fill(1e6)),
    };
    const run = trainLanguageModel({ config, params: broken, texts: lines, settings: { ...settings, epochs: 9 } });
    await expect(run).rejects.toThrow(LossScaleExhaustedError);
    await expect(run).rejects.toThrow(/finite gradients in float16.*lower the learning rate or set compute\.precision/);
  });
});

test('trainClassifier in float16 learns what it learns in float32', { timeout: 60_000 }, async () => {
  const learned = async (precision: Precision) => {
    const settings = { epochs: 3, batchSize: 16, peakLr: 5e-3, threads: 1, seed: 1, precision };
    return (await trainClassifier({ config: bert, params: initialBert(bert, 1), texts, labels, settings })).evaluations;
  };
  const [half, full] = [await learned('float16'), await learned('float32')];
  expect(half.at(-1)?.metrics['accuracy']).toBeGreaterThan(0.95);
  expect(half.at(-1)?.metrics['accuracy']).toBeCloseTo(full.at(-1)?.metrics['accuracy'] ?? NaN, 1);
});
