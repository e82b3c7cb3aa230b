import { expect, test } from 'vitest';
import { gradients, pullback } from '../../../core/autodiff/index.js';
import { openSession } from '../../../core/backends/onnx/index.js';
import {
  concat,
  exp,
  expand,
  Graph,
  logSoftmax,
  matMul,
  mul,
  neg,
  program,
  reduceSum,
  reshape,
  scalar,
} from '../../../core/ir/index.js';
import { headLogProbs, tokenLogProbs } from '../../../core/nn/index.js';
import { normals } from '../../../core/random/counter.js';
import { hostTensor } from '../../../core/tensor.js';

const [rows, width, vocabulary] = [6, 5, 11];

// Spare rows score 0 by themselves, or what a row of ones gives: neither may count, however low the others are.
test.each([
  { spares: 0, fill: 0 },
  { spares: 3, fill: 0 },
  { spares: 2, fill: 1 },
])('headLogProbs agrees with the plain graph, $spares rows of $fill spare', async ({ spares, fill }) => {
  const temperature = 0.7;
  const graph = new Graph('head');
  const hidden = graph.input('hidden', 'float32', [rows, width]);
  const weight = graph.input('weight', 'float32', [vocabulary, width]);
  const targets = graph.input('targets', 'int32', [rows]);
  const slopes = graph.input('slopes', 'float32', [rows]);

  const logits = matMul(hidden, weight, { transB: true, alpha: 1 / temperature });
  const plain = tokenLogProbs(logits, targets);
  const all = logSoftmax(logits, 1);
  const plainEntropy = neg(reduceSum(mul(exp(all), all), [1]));
  const held = spares > 0 ? concat([weight, expand(scalar(graph, fill), [spares, width])], 0) : weight;
  const [plainHidden, plainWeight] = gradients(reduceSum(mul(plain, slopes)), [hidden, weight]);

  const { logProbs, entropy, seeds } = headLogProbs(hidden, held, targets, vocabulary, temperature);
  const [dHidden, dWeight] = pullback(seeds(reshape(slopes, [rows, 1])), [hidden, weight]);

  const pairs = [
    [logProbs, plain],
    [entropy, plainEntropy],
    [dHidden!, plainHidden!],
    [dWeight!, plainWeight!],
  ] as const;
  const outputs = Object.fromEntries(
    pairs.flatMap(([a, b], i) => [[`found${i}`, a] as const, [`plain${i}`, b] as const]),
  );
  const session = await openSession(program(graph, { outputs }), { threads: 1 });
  const draw = (step: number, shape: readonly number[]) =>
    hostTensor(
      'float32',
      shape,
      normals(
        { seed: 3, stream: 'head', step },
        shape.reduce((a, b) => a * b, 1),
      ),
    );
  const found = await session.run({
    hidden: draw(0, [rows, width]),
    weight: draw(1, [vocabulary, width]),
    slopes: draw(2, [rows]),
    targets: hostTensor('int32', [rows], Int32Array.from([0, 10, 3, 3, 7, 1])),
  });
  await session.release();
  // Single precision on both sides; sums of eleven terms.
  pairs.forEach((_, i) => {
    found[`plain${i}`]!.data.forEach((value, at) => expect(found[`found${i}`]!.data[at]).toBeCloseTo(value, 5));
  });
});
