/** In a file of its own, as it reads the largest memory that its process ever had. */

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { initialGpt2, parseGpt2Config } from '../../../core/nn/index.js';
import { adamDefaults } from '../../../core/optim/index.js';
import { languageModelBatch, languageModelObjective } from '../../../core/train/language-model.js';
import { TrainingSession } from '../../../core/train/training-session.js';

const [rows, tokens] = [16, 128];
const config = parseGpt2Config({
  model_type: 'gpt2',
  vocab_size: 64,
  n_positions: tokens,
  n_embd: 16,
  n_layer: 8,
  n_head: 8,
});
const params = initialGpt2(config, 1);
const texts = Array.from({ length: rows }, (_, row) => Array.from({ length: tokens }, (_value, i) => (row * i) % 64));

/**
 * The largest memory of this process so far. Where the kernel tells it of the program alone: `maxRSS` begins with that of the
 * process that started this one.
 */
function peakBytes(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return 1024 * Number(kibibytes ?? process.resourceUsage().maxRSS);
}

/** That, after one step. */
async function peakBytesAfter(way: { recompute?: boolean; accumulationSteps?: number }): Promise<number> {
  const settings = {
    threads: 1,
    batchSize: rows,
    schedule: { peakLr: 0, warmupSteps: 0, totalSteps: 1 },
    adam: adamDefaults,
    weightDecay: 0,
    clipNorm: 1,
    ...way,
  };
  const session = new TrainingSession(languageModelObjective(config), settings, { params });
  await session.run([languageModelBatch(texts, rows, tokens)], tokens, 0);
  await session.release();
  return peakBytes();
}

test('a step of blocks computed anew, or of a batch in parts, takes a fraction of the memory', async () => {
  await peakBytesAfter({ recompute: true, accumulationSteps: 16 });
  const [parts, anew, plain] = [
    await peakBytesAfter({ accumulationSteps: 16 }),
    await peakBytesAfter({ recompute: true }),
    await peakBytesAfter({}),
  ];
  // A block keeps more than 20 MB, most of it attention, of which its input is 0.1 MB.
  expect(anew - parts).toBeLessThan(60e6);
  expect(plain - anew).toBeGreaterThan(40e6);
});
