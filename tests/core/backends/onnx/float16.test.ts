import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { lowerToOnnx } from '../../../../core/backends/onnx/lower.js';
import type { LoweringOptions } from '../../../../core/backends/onnx/scope.js';
import { initialGpt2, parseGpt2Config } from '../../../../core/nn/index.js';
import { adamDefaults } from '../../../../core/optim/index.js';
import { flatGroups, packGroup } from '../../../../core/train/flat-parameters.js';
import { languageModelObjective } from '../../../../core/train/language-model.js';
import { carriedNames, trainingProgram } from '../../../../core/train/training-program.js';

const config = parseGpt2Config({
  model_type: 'gpt2',
  vocab_size: 64,
  n_positions: 16,
  n_embd: 32,
  n_layer: 2,
  n_head: 2,
});
const objective = languageModelObjective(config);
const params = initialGpt2(config, 5);

/** The program as a GPU is given it; here onnxruntime puts casts around what the CPU has no kernel for. */
async function lossOf(options: Partial<LoweringOptions>, stepsPerRun: number): Promise<number> {
  const settings = { batchSize: 4, tokens: 12, stepsPerRun, adam: adamDefaults, weightDecay: 0.01, clipNorm: 1 };
  const built = trainingProgram(objective, { ...settings, recompute: true, precision: 'float16' });
  const session = await InferenceSession.create(lowerToOnnx(built, options), { logSeverityLevel: 4 });
  const given = new Map(
    flatGroups(objective.parameterShapes).map((group) => [
      carriedNames(group).parameter,
      packGroup(group, params).data,
    ]),
  );
  const feeds = Object.entries(built.inputs).map(([name, { dtype, shape }]) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    if (dtype === 'int32')
      return [
        name,
        new Tensor(
          'int32',
          Int32Array.from({ length: size }, (_, i) => (7 * i) % 64),
          shape,
        ),
      ];
    const filled = new Float32Array(size).fill(
      name === 'lossScale' ? 2 ** 16 : name.startsWith('correction') ? 0.1 : 0,
    );
    return [name, new Tensor('float32', given.get(name) ?? filled, shape)];
  });
  const { loss, applied } = await session.run(Object.fromEntries(feeds));
  await session.release();
  expect(Number(applied?.data[0])).toBe(1);
  return Number(loss?.data[0]);
}

test.each([1, 3])('lowerToOnnx of a program in float16 has types that fit, %i steps a run', async (stepsPerRun) => {
  const fused = await lossOf({}, stepsPerRun);
  const plain = await lossOf({ fused: false, lacks: ['LogSoftmax', 'Or', 'Sign'], maxParts: 7 }, stepsPerRun);
  expect(fused).toBeCloseTo(Math.log(64), 1);
  expect(plain).toBeCloseTo(fused, 4);
});
