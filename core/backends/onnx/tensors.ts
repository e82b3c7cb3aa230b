/** Host tensors to onnxruntime's and back, without copying. */

import { Tensor } from 'onnxruntime-node';
import type { HostTensor, Shape } from '../../tensor.js';
import { hostTensor } from '../../tensor.js';
import type { Spec } from '../../ir/graph.js';

export function toRuntime({ dtype, shape, data }: HostTensor): Tensor {
  return new Tensor(dtype, data, shape);
}

const readers = {
  float32: (data: Tensor['data'], shape: Shape) =>
    data instanceof Float32Array ? hostTensor('float32', shape, data) : undefined,
  // A Node that has Float16Array gives that.
  float16: (data: Tensor['data'], shape: Shape) =>
    ArrayBuffer.isView(data) && data.BYTES_PER_ELEMENT === 2
      ? hostTensor('float16', shape, new Uint16Array(data.buffer, data.byteOffset, data.length))
      : undefined,
  int32: (data: Tensor['data'], shape: Shape) =>
    data instanceof Int32Array ? hostTensor('int32', shape, data) : undefined,
  int64: (data: Tensor['data'], shape: Shape) =>
    data instanceof BigInt64Array ? hostTensor('int64', shape, data) : undefined,
  bool: (data: Tensor['data'], shape: Shape) =>
    data instanceof Uint8Array ? hostTensor('bool', shape, data) : undefined,
} as const;

/** @throws TypeError when the runtime gives another type than the program says */
export function fromRuntime(name: string, spec: Spec, tensor: Tensor | undefined): HostTensor {
  const read = tensor && readers[spec.dtype](tensor.data, tensor.dims);
  if (!read) throw new TypeError(`output '${name}': expected ${spec.dtype}, got ${tensor?.type ?? 'nothing'}`);
  return read;
}
