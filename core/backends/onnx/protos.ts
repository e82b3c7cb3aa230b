/** ONNX messages from plain values. Knows the format, not our ops. */

import { create } from '@bufbuild/protobuf';
import { sizeOf } from '../../tensor.js';
import type { DType, HostTensor, Shape } from '../../tensor.js';
import type { AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto } from './gen/onnx_pb.js';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from './gen/onnx_pb.js';

export const onnxTypes: { readonly [D in DType]: TensorProto_DataType } = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  bool: TensorProto_DataType.BOOL,
};

/** Attributes by JavaScript's type: bigint becomes an ONNX int, number a float. */
export type OnnxAttribute = bigint | number | string | readonly bigint[] | GraphProto;
export type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: OnnxAttributes;
  readonly domain?: string;
}

export function nodeProto({ op, inputs, outputs, attributes = {}, domain = '' }: OnnxNode): NodeProto {
  return create(NodeProtoSchema, {
    opType: op,
    domain,
    name: outputs.find((output) => output !== '') ?? op,
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
  });
}

function attributeProto(name: string, value: OnnxAttribute): AttributeProto {
  return create(AttributeProtoSchema, { name, ...attributeFields(value) });
}

function attributeFields(value: OnnxAttribute) {
  if (typeof value === 'bigint') return { type: AttributeProto_AttributeType.INT, i: value };
  if (typeof value === 'number') return { type: AttributeProto_AttributeType.FLOAT, f: value };
  if (typeof value === 'string') {
    return { type: AttributeProto_AttributeType.STRING, s: new TextEncoder().encode(value) };
  }
  if ('node' in value) return { type: AttributeProto_AttributeType.GRAPH, g: value };
  return { type: AttributeProto_AttributeType.INTS, ints: [...value] };
}

export function tensorProto(name: string, { dtype, shape, data }: HostTensor): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: onnxTypes[dtype],
    dims: shape.map(BigInt),
    rawData: new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)),
  });
}

const elementBytes: { readonly [D in DType]: number } = { float32: 4, float16: 2, int32: 4, int64: 8, bool: 1 };

/** What stands for a file name where the data of an external tensor is given. Names may hold what paths may not. */
export function externalPath(name: string): string {
  return name.replaceAll(/[^\w.-]/g, '_');
}

/** A tensor whose data is given beside the model, under `externalPath(name)`. */
export function externalTensorProto(name: string, { dtype, shape }: { dtype: DType; shape: Shape }): TensorProto {
  const length = sizeOf(shape) * elementBytes[dtype];
  return create(TensorProtoSchema, {
    name,
    dataType: onnxTypes[dtype],
    dims: shape.map(BigInt),
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries({ location: externalPath(name), offset: '0', length: String(length) }).map(
      ([key, value]) => ({ key, value }),
    ),
  });
}

export function valueInfoProto(name: string, { dtype, shape }: { dtype: DType; shape: Shape }): ValueInfoProto {
  const dim = shape.map((size) => ({ value: { case: 'dimValue' as const, value: BigInt(size) } }));
  const tensorType = { elemType: onnxTypes[dtype], shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: tensorType } } });
}

/** A sequence of tensors of one type. */
export function sequenceInfoProto(name: string, dtype: DType): ValueInfoProto {
  const tensorType = { case: 'tensorType' as const, value: { elemType: onnxTypes[dtype] } };
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'sequenceType', value: { elemType: { value: tensorType } } } },
  });
}
