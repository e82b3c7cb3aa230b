import { fromBinary } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { ModelProtoSchema } from '../../../../core/backends/onnx/gen/onnx_pb.js';
import { lowerToOnnx } from '../../../../core/backends/onnx/index.js';
import { lackedOps } from '../../../../core/backends/onnx/lacked-ops.js';
import { program } from '../../../../core/ir/index.js';
import { absenceOf } from '../absence.js';
import { fromHost } from '../../ir/reference/array.js';
import { opCases } from '../../ir/op-cases.js';
import { buildCase, runOnnx, runReference } from '../../ir/run-case.js';

const lacks = ['LogSoftmax', 'Or', 'Sign'] as const;
const cases = lacks.flatMap((op) => opCases[op].map((one) => [`${op} ${one.name}`, op, one] as const));

describe('lowerPlainly', () => {
  test.each(cases)('writes %s without the op, to the same numbers', async (_, op, one) => {
    const built = buildCase('plain', one);
    const outputs = Object.fromEntries(built.results.map((value, index) => [`output${index}`, value]));
    const bytes = lowerToOnnx(program(built.graph, { outputs }), { lacks });
    const nodes = fromBinary(ModelProtoSchema, bytes).graph?.node ?? [];
    expect(nodes.map(({ opType }) => opType)).not.toContain(op);
    const session = await InferenceSession.create(bytes);
    const feeds = Object.entries(built.feeds).map(
      ([name, { dtype, data, shape }]) => [name, new Tensor(dtype, data, shape)] as const,
    );
    const results = await session.run(Object.fromEntries(feeds));
    await session.release();
    runReference(built, built.results).forEach((expected, index) => {
      const found = Array.from(results[`output${index}`]?.data ?? [], Number);
      expected.data.forEach((value, at) => expect(found[at]).toBeCloseTo(value, 5));
    });
  });
});

describe('lackedOps', async () => {
  const noGpu = await absenceOf('webgpu');

  test.skipIf(noGpu).each(lackedOps.webgpu)('have a form that WebGPU computes: %s', async (op) => {
    for (const one of opCases[op]) {
      const built = buildCase('webgpu', one);
      const results = await runOnnx(built, built.results, false, 'webgpu');
      runReference(built, built.results).forEach((expected, index) => {
        fromHost(results[index]!).data.forEach((value, at) => expect(value).toBeCloseTo(expected.data[at] ?? NaN, 3));
      });
    }
  });
});
