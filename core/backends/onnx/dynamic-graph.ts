/** Builds an ONNX model by hand: nodes by name, weights inside, sizes that are known only at run time. Knows no architecture. */

import { create, toBinary } from '@bufbuild/protobuf';
import { hostTensor } from '../../tensor.js';
import type { DType, HostTensor } from '../../tensor.js';
import type { NodeProto, TensorProto, ValueInfoProto } from './gen/onnx_pb.js';
import { GraphProtoSchema, ModelProtoSchema, ValueInfoProtoSchema } from './gen/onnx_pb.js';
import { nodeProto, onnxTypes, tensorProto } from './protos.js';
import type { OnnxAttributes } from './protos.js';

/** A message of protocol buffers ends at 2 GiB; a little is left for all that is no weight. */
const MAX_WEIGHT_BYTES = 2 ** 31 - 2 ** 20;

/** The weights do not fit into one ONNX file. */
export class OnnxTooLargeError extends Error {
  override readonly name = 'OnnxTooLargeError';
  constructor(readonly sizeBytes: number) {
    super(
      `exportOnnx: expected at most ${MAX_WEIGHT_BYTES} bytes of weights in one file, got ${sizeBytes}; ` +
        'export with --to hf and convert that folder with a tool that writes external data',
    );
  }
}

/** A size, or the name of one that is known only at run time. */
export type Dim = number | string;

export interface DynamicSpec {
  readonly dtype: DType;
  readonly dims: readonly Dim[];
}

function valueInfo(name: string, { dtype, dims }: DynamicSpec): ValueInfoProto {
  const dim = dims.map((size) =>
    typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } },
  );
  const tensorType = { elemType: onnxTypes[dtype], shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: tensorType } } });
}

export class DynamicGraph {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers = new Map<string, TensorProto>();
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  #sizeBytes = 0;

  constructor(readonly name: string) {}

  input(name: string, spec: DynamicSpec): string {
    this.#inputs.push(valueInfo(name, spec));
    return name;
  }

  /** Names a value, which then goes out under that name. */
  output(name: string, value: string, spec: DynamicSpec): void {
    this.#nodes.push(nodeProto({ op: 'Identity', inputs: [value], outputs: [name] }));
    this.#outputs.push(valueInfo(name, spec));
  }

  /** A tensor inside the file. @throws OnnxTooLargeError */
  weight(name: string, tensor: HostTensor): string {
    if (this.#initializers.has(name)) return name;
    this.#sizeBytes += tensor.data.byteLength;
    if (this.#sizeBytes > MAX_WEIGHT_BYTES) throw new OnnxTooLargeError(this.#sizeBytes);
    this.#initializers.set(name, tensorProto(name, tensor));
    return name;
  }

  float(value: number): string {
    return this.weight(`float ${value}`, hostTensor('float32', [], Float32Array.of(value)));
  }

  /** A list of integers, as shapes and axes are given. */
  ints(...values: number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.weight(`ints ${values.join(' ')}`, hostTensor('int64', [values.length], data));
  }

  int(value: number): string {
    return this.weight(`int ${value}`, hostTensor('int64', [], BigInt64Array.of(BigInt(value))));
  }

  /** One node with one output, whose name is made from `label`. */
  node(label: string, op: string, inputs: readonly string[], attributes: OnnxAttributes = {}): string {
    return this.nodes(label, op, inputs, 1, attributes)[0] ?? label;
  }

  nodes(
    label: string,
    op: string,
    inputs: readonly string[],
    outputs: number,
    attributes: OnnxAttributes = {},
  ): string[] {
    const number = this.#nodes.length;
    const names = Array.from({ length: outputs }, (_, i) => `${label}/${op}_${number}${outputs > 1 ? `_${i}` : ''}`);
    this.#nodes.push(nodeProto({ op, inputs, outputs: names, attributes }));
    return names;
  }

  /** The bytes of the model file. */
  finish(opset: bigint, irVersion: bigint): Uint8Array {
    const graph = create(GraphProtoSchema, {
      name: this.name,
      node: this.#nodes,
      initializer: [...this.#initializers.values()],
      input: this.#inputs,
      output: this.#outputs,
    });
    const opsetImport = [{ domain: '', version: opset }];
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, { irVersion, producerName: 'debias', opsetImport, graph }),
    );
  }
}
