/**
 * `debias doctor --device X`: trains a small model on the device, in float16 as well where it can, samples from it, and lists the
 * ops that are written with plainer ones there and those that it leaves to the CPU.
 */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import {
  parseDevice,
  plainlyWritten,
  PrecisionUnavailableError,
  requireDevice,
  requirePrecision,
} from '../../core/backends/index.js';
import type { Device, Precision, SessionOptions } from '../../core/backends/index.js';
import { createSampler } from '../../core/generate/index.js';
import { initialGpt2, parseGpt2Config } from '../../core/nn/index.js';
import type { Parameters } from '../../core/nn/index.js';
import { adamDefaults } from '../../core/optim/index.js';
import { languageModelBatch, languageModelObjective } from '../../core/train/language-model.js';
import { TrainingSession } from '../../core/train/training-session.js';
import { failureExitCode } from '../report-error.js';

const eventsSchema = z.array(
  z.object({ args: z.object({ op_name: z.string().optional(), provider: z.string().optional() }).optional() }),
);

const config = parseGpt2Config({
  model_type: 'gpt2',
  vocab_size: 64,
  n_positions: 16,
  n_embd: 16,
  n_layer: 1,
  n_head: 2,
});
const texts = [
  [5, 6, 7, 8],
  [9, 8, 7, 6],
];

/** GPUs and TensorFlow.js take shorter series for exp, tanh and erf. */
const tolerance = 1e-3;

/** float16 has 11 binary digits. */
const float16Tolerance = 1e-2;

/** @throws DeviceUnavailableError that says how to get the device */
export async function showDevice(name: string): Promise<void> {
  const device = parseDevice(name);
  await requireDevice(device);
  const folder = await mkdtemp(path.join(tmpdir(), 'doctor-'));
  try {
    const runtime = { device, threads: 1, profilePrefix: path.join(folder, 'run') };
    const expected = await tryPrograms({ threads: 1 });
    const found = await tryPrograms(runtime);
    const lines = [
      sameLosses(found.losses, expected.losses),
      sameTokens(found.tokens, expected.tokens),
      await inFloat16(device, expected.losses),
      inPlainerOps(device),
      await onCpu(device, folder),
    ];
    process.stdout.write(`${device}\n${lines.join('\n')}\n`);
    if (lines.some((line) => line.startsWith('✗'))) process.exitCode = failureExitCode;
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Outcome {
  readonly losses: readonly number[];
  readonly tokens: readonly (readonly number[])[];
}

async function tryPrograms(runtime: SessionOptions): Promise<Outcome> {
  const { losses, params } = await trainSmall(runtime);
  const [promptTokens, newTokens] = [4, 3];
  const sampler = await createSampler(config, { ...runtime, batch: 2, promptTokens, newTokens, greedy: true });
  const { tokens } = await sampler.sample(params, texts);
  await sampler.release();
  return { losses: [...losses], tokens };
}

async function trainSmall(
  runtime: SessionOptions & { readonly precision?: Precision },
): Promise<{ losses: Float32Array; params: Parameters }> {
  const session = new TrainingSession(
    languageModelObjective(config),
    {
      ...runtime,
      batchSize: 2,
      schedule: { peakLr: 1e-3, warmupSteps: 0, totalSteps: 100 },
      adam: adamDefaults,
      weightDecay: 0.01,
      clipNorm: 1,
    },
    { params: initialGpt2(config, 0) },
  );
  const batch = languageModelBatch(texts, 2, 4);
  const { losses } = await session.run([batch, batch], 4, 0);
  const params = await session.params();
  await session.release();
  return { losses, params };
}

/** Whether `compute.precision=float16` is to be had here. */
async function inFloat16(device: Device, expected: readonly number[]): Promise<string> {
  try {
    await requirePrecision(device, 'float16');
  } catch (error) {
    if (error instanceof PrecisionUnavailableError) return `! no float16: ${error.reason}`;
    throw error;
  }
  const { losses } = await trainSmall({ device, threads: 1, precision: 'float16' });
  const same = areClose(losses, expected, float16Tolerance);
  return same
    ? `✓ trains it in float16: loss ${shown([...losses])}`
    : `✗ trains it in float16: expected a loss near ${shown(expected)}, got ${shown([...losses])}; keep compute.precision at float32`;
}

const shown = (losses: readonly number[]): string => losses.map((loss) => loss.toFixed(4)).join(', ');

function areClose(found: ArrayLike<number>, expected: readonly number[], within: number): boolean {
  return expected.every((loss, i) => Math.abs((found[i] ?? NaN) / loss - 1) <= within);
}

function sameLosses(found: readonly number[], expected: readonly number[]): string {
  return areClose(found, expected, tolerance)
    ? `✓ trains a small GPT-2: loss ${shown(found)}, as the CPU does`
    : `✗ trains a small GPT-2: expected the CPU's loss ${shown(expected)}, got ${shown(found)}; do not trust this device`;
}

function sameTokens(found: Outcome['tokens'], expected: Outcome['tokens']): string {
  return String(found) === String(expected)
    ? '✓ samples from it: the same tokens as the CPU'
    : `✗ samples from it: expected the CPU's tokens ${String(expected)}, got ${String(found)}; do not trust this device`;
}

/** Slower than a kernel, and still on the device. */
function inPlainerOps(device: Device): string {
  const ops = plainlyWritten(device);
  return ops.length > 0 ? `! written with plainer ops: ${ops.join(', ')}` : '✓ no op is written with plainer ones';
}

async function onCpu(device: Device, folder: string): Promise<string> {
  const ops = device === 'cpu' ? [] : await opsOnCpu(folder);
  return ops.length > 0 ? `! left to the CPU: ${ops.join(', ')}` : '✓ nothing is left to another device';
}

/** Ops that onnxruntime's profile places on its CPU provider, by name. */
async function opsOnCpu(folder: string): Promise<string[]> {
  const ops = new Set<string>();
  for (const name of await readdir(folder)) {
    for (const { args } of eventsSchema.parse(JSON.parse(await readFile(path.join(folder, name), 'utf8')))) {
      if (args?.provider === 'CPUExecutionProvider' && args.op_name !== undefined) ops.add(args.op_name);
    }
  }
  return [...ops].sort();
}
