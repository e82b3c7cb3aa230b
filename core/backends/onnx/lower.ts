/** From a program to the bytes of an ONNX model. Holds no weights: what is learned is an input. */

import { create, toBinary } from '@bufbuild/protobuf';
import { liveValues } from '../../ir/live.js';
import type { Value } from '../../ir/graph.js';
import type { Program } from '../../ir/program.js';
import { sizeOf } from '../../tensor.js';
import { ModelProtoSchema } from './gen/onnx_pb.js';
import { lowerGraph } from './lower-graph.js';
import { isGeluShare } from './lower-gelu.js';
import { sequenceInfoProto, valueInfoProto } from './protos.js';
import { resultsEarly } from './run-order.js';
import type { LoweringOptions } from './scope.js';
import { Scope } from './scope.js';

const OPSET = 21n;
const IR_VERSION = 10n;

/** An output's name in the ONNX graph, where, unlike in a program, an input may not have it as well. */
export function onnxOutputName({ inputs }: Program, name: string): string {
  return name in inputs ? `${name} (next)` : name;
}

/**
 * The same program always gives the same bytes.
 * @param fixed names of inputs that become initializers, whose data lies outside the model under `externalPath(name)`
 */
export function lowerToOnnx(
  program: Program,
  { fused = true, ...limits }: Partial<LoweringOptions> = {},
  fixed: ReadonlySet<string> = new Set(),
): Uint8Array {
  const { graph } = program;
  const results = new Map([...program.results].map(([name, value]) => [onnxOutputName(program, name), value]));
  const live = liveValues(graph, results.values());
  const scope = new Scope(graph.name, {
    live,
    geluInParts: [...live].some(isGeluShare),
    options: { fused, ...limits },
    lowerGraph,
  });
  for (const [name, value] of graph.inputs) scope.setName(value, name);
  lowerGraph(graph, results, scope);
  for (const [name, value] of graph.inputs) if (fixed.has(name)) scope.externalInitializer(name, value);
  const fed = [...graph.inputs].filter(([name]) => !fixed.has(name));
  const inputs = fed.map(([name, value]) => valueInfoProto(name, value));
  const outputs = [...results].map(([name, value]) => valueInfoProto(name, value));
  if (limits.intoMemory === true) outputs.unshift(writeUnreadable(results, scope));
  const whole = scope.finish(inputs, outputs);
  if (limits.intoMemory === true) whole.node = resultsEarly(whole);
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'debias',
    opsetImport: [{ domain: '', version: OPSET }, ...(fused ? [{ domain: 'com.microsoft', version: 1n }] : [])],
    graph: whole,
  });
  return toBinary(ModelProtoSchema, model);
}

/** The first output of a program whose results are written into memory. No value is named so. */
export const UNREADABLE = '%unreadable';

/** A sequence of the smallest result. @see openBoundSession */
function writeUnreadable(results: ReadonlyMap<string, Value>, scope: Scope) {
  const [name, { dtype }] = [...results].reduce((a, b) => (sizeOf(b[1].shape) < sizeOf(a[1].shape) ? b : a));
  scope.write({ op: 'SequenceConstruct', inputs: [name], outputs: [UNREADABLE] });
  return sequenceInfoProto(UNREADABLE, dtype);
}
