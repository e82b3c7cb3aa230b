/** `debias doctor --device X`: runs a small training on the device and lists which ops it leaves to the CPU. */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { parseDevice } from '../../core/backends/index.js';
import type { Device } from '../../core/backends/index.js';
import { initialGpt2, parseGpt2Config } from '../../core/nn/index.js';
import { adamDefaults } from '../../core/optim/index.js';
import { languageModelBatch, languageModelObjective } from '../../core/train/language-model.js';
import { TrainingSession } from '../../core/train/training-session.js';

const eventsSchema = z.array(
  z.object({ args: z.object({ op_name: z.string().optional(), provider: z.string().optional() }).optional() }),
);

/** @throws DeviceUnavailableError that says how to get the device */
export async function showDevice(name: string): Promise<void> {
  const device = parseDevice(name);
  const folder = await mkdtemp(path.join(tmpdir(), 'doctor-'));
  try {
    const losses = await trainSmall(device, path.join(folder, 'run'));
    process.stdout.write(
      `✓ ${device} trains a small GPT-2: loss ${Array.from(losses, (loss) => loss.toFixed(4)).join(', ')}\n`,
    );
    const fallen = device === 'cpu' ? [] : await opsOnCpu(folder);
    process.stdout.write(
      fallen.length > 0 ? `! left to the CPU: ${fallen.join(', ')}\n` : '✓ nothing is left to another device\n',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function trainSmall(device: Device, profilePrefix: string): Promise<Float32Array> {
  const config = parseGpt2Config({
    model_type: 'gpt2',
    vocab_size: 64,
    n_positions: 16,
    n_embd: 16,
    n_layer: 1,
    n_head: 2,
  });
  const session = new TrainingSession(
    languageModelObjective(config),
    {
      device,
      threads: 1,
      profilePrefix,
      batchSize: 2,
      schedule: { peakLr: 1e-3, warmupSteps: 0, totalSteps: 100 },
      adam: adamDefaults,
      weightDecay: 0.01,
      clipNorm: 1,
    },
    { params: initialGpt2(config, 0) },
  );
  const batch = languageModelBatch(
    [
      [5, 6, 7, 8],
      [9, 8, 7, 6],
    ],
    2,
    4,
  );
  const { losses } = await session.run([batch, batch], 4, 0);
  await session.release();
  return losses;
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
