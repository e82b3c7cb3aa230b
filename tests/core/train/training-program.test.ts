import { expect, test } from 'vitest';
import { initialGpt2, parseGpt2Config } from '../../../core/nn/index.js';
import { languageModelBatch, languageModelObjective } from '../../../core/train/language-model.js';
import { TrainingSession } from '../../../core/train/training-session.js';
import { lowerToOnnx } from '../../../core/backends/onnx/lower.js';
import { gpt2Of, shapes } from '../../../bench/works/shapes.js';
import { adamDefaults } from '../../../core/optim/index.js';
import { trainingProgram } from '../../../core/train/training-program.js';

test.each([false, true])(
  'trainingProgram of 125 million parameters is small: it holds no weights, anew %s',
  (recompute) => {
    const settings = { ...shapes.base, adam: adamDefaults, weightDecay: 0.01, clipNorm: 1, recompute };
    const built = trainingProgram(languageModelObjective(gpt2Of(shapes.base)), settings);
    const count = Object.entries(built.inputs)
      .filter(([name]) => name.startsWith('param:'))
      .reduce((sum, [, { shape }]) => sum + shape.reduce((product, size) => product * size, 1), 0);
    expect(count).toBeGreaterThan(124e6);
    expect(lowerToOnnx(built).byteLength).toBeLessThan(1e6);
  },
);

test('trainingProgram tells the same norm of gradients that nothing clips, whether a limit is set or not', async () => {
  const config = parseGpt2Config({
    model_type: 'gpt2',
    vocab_size: 512,
    n_positions: 8,
    n_embd: 80,
    n_layer: 1,
    n_head: 2,
  });
  const normOf = async (clipNorm: number): Promise<number> => {
    const session = new TrainingSession(
      languageModelObjective(config),
      {
        threads: 1,
        batchSize: 2,
        schedule: { peakLr: 1e-3, warmupSteps: 0, totalSteps: 10 },
        adam: adamDefaults,
        weightDecay: 0.01,
        clipNorm,
      },
      { params: initialGpt2(config, 1) },
    );
    const batch = languageModelBatch(
      [
        [1, 2, 3, 4, 5, 6, 7, 8],
        [9, 8, 7, 6, 5, 4, 3, 2],
      ],
      2,
      8,
    );
    const { gradientNorms } = await session.run([batch], 8, 0);
    await session.release();
    return gradientNorms[0]!;
  };
  const [free, limited] = [await normOf(0), await normOf(1e9)];
  expect(free).toBeGreaterThan(0.01);
  expect(free / limited).toBeCloseTo(1, 5);
});
