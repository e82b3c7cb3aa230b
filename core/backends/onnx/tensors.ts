/** Host tensors as onnxruntime's, without copying: what it reads, and what it writes into. */

import { Tensor } from 'onnxruntime-node';
import type { HostTensor } from '../../tensor.js';
import { hostTensor, sizeOf } from '../../tensor.js';
import type { Spec } from '../../ir/graph.js';

export function toRuntime({ dtype, shape, data }: HostTensor): Tensor {
  return new Tensor(dtype, data, shape);
}

const blanks = {
  float32: ({ shape }: Spec) => hostTensor('float32', shape, new Float32Array(sizeOf(shape))),
  int32: ({ shape }: Spec) => hostTensor('int32', shape, new Int32Array(sizeOf(shape))),
  int64: ({ shape }: Spec) => hostTensor('int64', shape, new BigInt64Array(sizeOf(shape))),
  bool: ({ shape }: Spec) => hostTensor('bool', shape, new Uint8Array(sizeOf(shape))),
} as const;

/** Zeros to be written over. */
export function blankTensor(spec: Spec): HostTensor {
  return blanks[spec.dtype](spec);
}
