import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { gradients } from '../../../../core/autodiff/index.js';
import type { GraphProto } from '../../../../core/backends/onnx/gen/onnx_pb.js';
import { ModelProtoSchema } from '../../../../core/backends/onnx/gen/onnx_pb.js';
import { lowerToOnnx } from '../../../../core/backends/onnx/index.js';
import type { Program } from '../../../../core/ir/index.js';
import {
  cast,
  exp,
  gather,
  geluTanh,
  gatherElements,
  Graph,
  logSoftmax,
  loop,
  matMul,
  mul,
  neg,
  program,
  reduceMean,
  reduceSum,
  scalar,
} from '../../../../core/ir/index.js';

function ops(lowered: Program, fused = true): readonly string[] {
  const { graph } = fromBinary(ModelProtoSchema, lowerToOnnx(lowered, { fused }));
  return graph ? opsOf(graph) : [];
}

function opsOf(graph: GraphProto): readonly string[] {
  return graph.node.flatMap((node) => [node.opType, ...node.attribute.flatMap(({ g }) => (g ? opsOf(g) : []))]);
}

function attention(): Program {
  const graph = new Graph('attention');
  const q = graph.input('q', 'float32', [2, 4, 3]);
  const k = graph.input('k', 'float32', [2, 4, 3]);
  const scores = matMul(q, k, { transB: true, alpha: 0.5 });
  return program(graph, { outputs: { scores, act: geluTanh(q) } });
}

/** The usual training step on a tied embedding. */
function tied(): Program {
  const graph = new Graph('tied');
  const tokens = graph.input('tokens', 'int32', [2, 3]);
  const labels = graph.input('labels', 'int32', [2, 3, 1]);
  const table = graph.input('table', 'float32', [7, 4]);
  const logits = matMul(gather(table, tokens), table, { transB: true });
  const loss = neg(reduceMean(gatherElements(logSoftmax(logits), labels, 2)));
  const [dTable = table] = gradients(loss, [table]);
  return program(graph, { outputs: { loss, dTable } });
}

describe('lowerToOnnx', () => {
  test('gives the same bytes for the same program', () => {
    expect(lowerToOnnx(tied())).toEqual(lowerToOnnx(tied()));
  });

  test('uses fused ops, or standard ones alone', () => {
    expect(ops(attention())).toEqual(['FusedMatMul', 'FastGelu']);
    expect(ops(attention(), false)).toEqual(['Transpose', 'MatMul', 'Mul', 'Gelu']);
    const { opsetImport } = fromBinary(ModelProtoSchema, lowerToOnnx(attention(), { fused: false }));
    expect(opsetImport.map(({ domain }) => domain)).toEqual(['']);
  });

  test('computes once what a GELU and its derivative share', () => {
    const graph = new Graph('gelu');
    const x = graph.input('x', 'float32', [32, 64]);
    const y = geluTanh(x);
    const [dX = x] = gradients(reduceSum(y), [x]);
    const written = ops(program(graph, { outputs: { y, dX } }));
    expect(written.filter((op) => op === 'Sigmoid')).toHaveLength(1);
    expect(written).not.toContain('FastGelu');
    expect(ops(program(graph, { outputs: { y } }))).toEqual(['FastGelu']);
  });

  test('names outputs instead of copying, but for inputs and what leaves twice', () => {
    const graph = new Graph('names');
    const x = graph.input('x', 'float32', [2]);
    const y = exp(x);
    expect(ops(program(graph, { outputs: { y } }))).toEqual(['Exp']);
    expect(ops(program(graph, { outputs: { y, again: y, x } }))).toEqual(['Exp', 'Identity', 'Identity']);
  });

  test('leaves out what no output needs', () => {
    const graph = new Graph('dead');
    const x = graph.input('x', 'float32', [2]);
    neg(x);
    expect(ops(program(graph, { outputs: { y: exp(x) } }))).toEqual(['Exp']);
  });

  test('writes the gradient of a tied embedding with three products, two sparse additions, and nothing racy', () => {
    const written = ops(tied());
    expect(written.filter((op) => op === 'Gemm' || op === 'MatMul' || op === 'FusedMatMul')).toHaveLength(3);
    expect(written.filter((op) => op === 'ScatterElements')).toHaveLength(2);
    expect(written).not.toContain('ScatterND');
    expect(written).not.toContain('Transpose');
    expect(written).not.toContain('Add'); // both parts of the table's gradient meet in the scatter
  });

  test('writes a loop that only picks slices as a scan', () => {
    const graph = new Graph('slices');
    const xs = graph.input('xs', 'float32', [3, 2]);
    const picking = loop(graph, {
      trip: 3,
      carried: { sum: exp(gather(xs, scalar(graph, 0, 'int64'))) },
      body: (i, { sum }) => ({ carried: { sum: mul(sum, gather(xs, i)) }, scans: { sum } }),
    });
    const counting = loop(graph, {
      trip: 3,
      carried: { sum: picking.carried.sum },
      body: (i, { sum }) => ({ carried: { sum: mul(sum, cast(i, 'float32')) } }),
    });
    const both = program(graph, { outputs: { sum: counting.carried.sum, sums: picking.scans.sum } });
    expect(ops(both).filter((op) => op === 'Scan' || op === 'Loop')).toEqual(['Scan', 'Loop']);
    expect(ops(both, false).filter((op) => op === 'Scan' || op === 'Loop')).toEqual(['Loop', 'Loop']);
  });

  test('puts a loop body into the graph, which reads outer names', () => {
    const graph = new Graph('body');
    const x = graph.input('x', 'float32', [2]);
    const { carried } = loop(graph, {
      trip: 2,
      carried: { h: x },
      body: (_, { h }) => ({ carried: { h: mul(h, exp(x)) } }),
    });
    expect(ops(program(graph, { outputs: { total: reduceSum(carried.h) } }))).toEqual([
      'Exp',
      'Loop',
      'Identity',
      'Mul',
      'ReduceSum',
    ]);
  });
});
