import { expect, test } from 'vitest';
import { lowerToOnnx } from '../../../core/backends/onnx/lower.js';
import { gpt2Of, shapes } from '../../../bench/works/shapes.js';
import { adamDefaults } from '../../../core/optim/index.js';
import { languageModelObjective } from '../../../core/train/language-model.js';
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
