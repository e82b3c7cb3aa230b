/** Tensors of a TensorFlow.js backend that outlive their run, and how they come and go. Knows no program. */

import type { Spec } from '../../ir/graph.js';
import type { DType, HostTensor, Shape } from '../../tensor.js';
import { hostTensor } from '../../tensor.js';
import type { TfjsBackend } from '../device.js';
import type { DeviceMemory, DeviceTensor, Located } from '../device-tensor.js';
import { isOnHost } from '../device-tensor.js';
import { loadTfjs } from './library.js';
import type { Tfjs, TfTensor } from './library.js';
import { tfDType, toTf } from './rules.js';

export class TfjsDeviceTensor implements DeviceTensor {
  readonly dtype: DType;
  readonly shape: Shape;

  constructor(
    { dtype, shape }: Spec,
    readonly tf: Tfjs,
    readonly tensor: TfTensor,
  ) {
    this.dtype = dtype;
    this.shape = shape;
  }

  dispose(): void {
    this.tf.dispose(this.tensor);
  }
}

/** @throws TypeError for a tensor on another runtime's device */
export function tensorOfFeed(tf: Tfjs, name: string, feed: Located): TfTensor {
  if (isOnHost(feed)) return toTf(tf, feed);
  if (feed instanceof TfjsDeviceTensor) return feed.tensor;
  throw new TypeError(`feed '${name}': expected a tensor of TensorFlow.js or of the host, got another runtime's`);
}

export async function readTensor({ dtype, shape }: Spec, tensor: TfTensor): Promise<HostTensor> {
  return readers[tfDType(dtype)](shape, await tensor.data());
}

type Reader = (shape: Shape, data: ArrayLike<number>) => HostTensor;

const readers: { readonly [D in ReturnType<typeof tfDType>]: Reader } = {
  float32: (shape, data) => hostTensor('float32', shape, Float32Array.from(data)),
  int32: (shape, data) => hostTensor('int32', shape, Int32Array.from(data)),
  int64: (shape, data) => hostTensor('int64', shape, BigInt64Array.from(Array.from(data, BigInt))),
  bool: (shape, data) => hostTensor('bool', shape, Uint8Array.from(data)),
};

export function tfjsMemory(backend: TfjsBackend): DeviceMemory {
  return {
    upload: async (tensors) => {
      const tf = await loadTfjs(backend);
      const moved = Object.entries(tensors).map(
        ([name, tensor]) => [name, new TfjsDeviceTensor(tensor, tf, toTf(tf, tensor))] as const,
      );
      return Object.fromEntries(moved);
    },
    download: async (tensors) => {
      const tf = await loadTfjs(backend);
      const read = Object.entries(tensors).map(
        async ([name, located]) =>
          [name, isOnHost(located) ? located : await readTensor(located, tensorOfFeed(tf, name, located))] as const,
      );
      return Object.fromEntries(await Promise.all(read));
    },
  };
}
