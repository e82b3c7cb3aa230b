import { describe, expect, test } from 'vitest';
import { gradients } from '../../../../core/autodiff/index.js';
import {
  FeedError,
  openSession,
  RuntimeFailureError,
  runtimeFingerprint,
} from '../../../../core/backends/onnx/index.js';
import type { Program } from '../../../../core/ir/index.js';
import {
  cast,
  div,
  exp,
  gather,
  gatherElements,
  Graph,
  layerNorm,
  logSoftmax,
  loop,
  matMul,
  mul,
  neg,
  program,
  reduceMean,
  reduceSum,
  reshape,
  sub,
} from '../../../../core/ir/index.js';
import { normals } from '../../../../core/random/counter.js';
import { hostTensor } from '../../../../core/tensor.js';
import type { HostTensor } from '../../../../core/tensor.js';

const table = hostTensor('float32', [3, 2], Float32Array.of(1, 2, 3, 4, 5, 6));
const indexOf = (at: bigint) => hostTensor('int64', [1], BigInt64Array.of(at));

function rows() {
  const graph = new Graph('rows');
  const inputs = { table: graph.input('table', 'float32', [3, 2]), index: graph.input('index', 'int64', [1]) };
  return program(graph, { inputs, outputs: { row: gather(inputs.table, inputs.index) } });
}

describe('session.run', () => {
  test('lists every feed that does not fit', async () => {
    const untyped: Program = rows();
    const session = await openSession(untyped, { threads: 1 });
    const feeds: Record<string, HostTensor> = {
      table: hostTensor('float32', [2, 2], new Float32Array(4)),
      idx: indexOf(0n),
    };
    await expect(session.run(feeds)).rejects.toThrow(FeedError);
    await expect(session.run(feeds)).rejects.toThrow(
      "run of rows: 'table' must be float32 [3, 2], got float32 [2, 2]; 'index' must be int64 [1], got nothing; 'idx' is not an input; there are table, index",
    );
    await session.release();
  });

  test('takes the same name for an input and for what becomes of it', async () => {
    const graph = new Graph('next');
    const x = graph.input('x', 'float32', [2]);
    const session = await openSession(program(graph, { inputs: { x }, outputs: { x: mul(x, 2) } }), { threads: 1 });
    const { x: next } = await session.run({ x: hostTensor('float32', [2], Float32Array.of(1, 2)) });
    expect(Array.from(next.data)).toEqual([2, 4]);
    await session.release();
  });

  test('passes on a failure of the runtime with the name of the program', async () => {
    const session = await openSession(rows(), { threads: 1 });
    await expect(session.run({ table, index: indexOf(7n) })).rejects.toThrow(RuntimeFailureError);
    await expect(session.run({ table, index: indexOf(7n) })).rejects.toThrow(
      /running rows with onnxruntime: .*out of data bounds/,
    );
    await session.release();
  });

  test('divides integers towards zero and casts towards zero', async () => {
    const graph = new Graph('integers');
    const x = graph.input('x', 'int64', [4]);
    const y = graph.input('y', 'float32', [4]);
    const outputs = { quotient: div(x, 2), whole: cast(y, 'int32') };
    const session = await openSession(program(graph, { inputs: { x, y }, outputs }), { threads: 1 });
    const { quotient, whole } = await session.run({
      x: hostTensor('int64', [4], BigInt64Array.of(-3n, -2n, 3n, 5n)),
      y: hostTensor('float32', [4], Float32Array.of(-1.7, -0.2, 0.9, 2.5)),
    });
    expect(Array.from(quotient.data)).toEqual([-1n, -1n, 1n, 2n]);
    expect(Array.from(whole.data)).toEqual([-1, 0, 0, 2]);
    await session.release();
  });
});

/** Steps of gradient descent on a small language model: embedding, norm, product, cross-entropy. */
function descent(tokens: number, vocabulary: number, width: number) {
  const graph = new Graph('descent');
  const inputs = {
    table: graph.input('table', 'float32', [vocabulary, width]),
    scale: graph.input('scale', 'float32', [width]),
    bias: graph.input('bias', 'float32', [width]),
    tokens: graph.input('tokens', 'int32', [tokens]),
    labels: graph.input('labels', 'int32', [tokens, 1]),
  };
  const { carried, scans } = loop(graph, {
    trip: 3,
    carried: { table: inputs.table },
    body: (_, state) => {
      const hidden = layerNorm(gather(state.table, inputs.tokens), inputs.scale, inputs.bias);
      const logits = reshape(matMul(hidden, state.table, { transB: true }), [tokens, vocabulary]);
      const loss = neg(reduceMean(gatherElements(logSoftmax(logits), inputs.labels, 1)));
      const [dTable = state.table] = gradients(loss, [state.table]);
      return { carried: { table: sub(state.table, mul(dTable, 0.1)) }, scans: { loss } };
    },
  });
  return program(graph, { inputs, outputs: { table: carried.table, losses: scans.loss } });
}

describe('runs', () => {
  test('repeat bit for bit at one number of threads', async () => {
    const [tokens, vocabulary, width] = [512, 300, 32];
    const step = descent(tokens, vocabulary, width);
    const ids = Int32Array.from({ length: tokens }, (_, i) => (i * i) % 11); // many repeats a row
    const feeds = {
      table: hostTensor('float32', [vocabulary, width], normals({ seed: 1, stream: 0, step: 0 }, vocabulary * width)),
      scale: hostTensor('float32', [width], new Float32Array(width).fill(1)),
      bias: hostTensor('float32', [width], new Float32Array(width)),
      tokens: hostTensor('int32', [tokens], ids),
      labels: hostTensor(
        'int32',
        [tokens, 1],
        ids.map((id) => id + 1),
      ),
    };
    const session = await openSession(step, { threads: 2 });
    const first = await session.run(feeds);
    for (let repeat = 0; repeat < 5; repeat++) expect(await session.run(feeds)).toEqual(first);
    await session.release();
    expect(first.losses.data[2]).toBeLessThan(first.losses.data[0] ?? 0);
  });

  test('add every repeated index into a gradient, with several threads', async () => {
    const [rowCount, width, reads] = [16, 64, 4096];
    const graph = new Graph('counts');
    const x = graph.input('x', 'float32', [rowCount, width]);
    const ids = graph.input('ids', 'int32', [reads]);
    const [dX = x] = gradients(reduceSum(gather(x, ids)), [x]);
    const session = await openSession(program(graph, { inputs: { x, ids }, outputs: { dX } }), { threads: 4 });
    const idData = Int32Array.from({ length: reads }, (_, i) => (i * 7) % rowCount);
    const { dX: counts } = await session.run({
      x: hostTensor('float32', [rowCount, width], new Float32Array(rowCount * width)),
      ids: hostTensor('int32', [reads], idData),
    });
    expect(new Set(counts.data)).toEqual(new Set([reads / rowCount]));
    await session.release();
  });
});

test('openSession: says which program the runtime refuses', async () => {
  const graph = new Graph('refused');
  const x = graph.input('x', 'float32', [2]);
  const wrong = program(graph, { inputs: { x }, outputs: { y: exp(x) } });
  await expect(openSession(wrong, { threads: -5 })).rejects.toThrow(/opening refused with onnxruntime/);
});

test('runtimeFingerprint: equal for equal settings, and tells what differs', () => {
  const fingerprint = runtimeFingerprint({ threads: 2, cpuFeatures: ['fma', 'avx2'] });
  expect(fingerprint).toEqual(runtimeFingerprint({ threads: 2, cpuFeatures: ['avx2', 'fma'] }));
  expect(fingerprint).not.toEqual(runtimeFingerprint({ threads: 1, cpuFeatures: ['avx2', 'fma'] }));
  expect(fingerprint.onnxruntime).toMatch(/^\d+\.\d+\.\d+/);
});
