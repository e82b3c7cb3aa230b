/** Tensors in a GPU's memory, as onnxruntime keeps them for WebGPU. Knows no program. */

import type { Tensor } from 'onnxruntime-node';
import type { Spec } from '../../ir/graph.js';
import type { DType, Shape } from '../../tensor.js';
import type { DeviceTensor, Located } from '../device-tensor.js';
import { isOnHost } from '../device-tensor.js';
import { toRuntime } from './tensors.js';

/** The tensor's own `getData` ends the process in onnxruntime-node 1.30: a program that copies it out reads it instead. */
export class OnnxDeviceTensor implements DeviceTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  #disposed = false;

  constructor(
    { dtype, shape }: Spec,
    readonly tensor: Tensor,
    private readonly onDispose: () => void,
  ) {
    this.dtype = dtype;
    this.shape = shape;
  }

  /** Twice is once. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.tensor.dispose();
    this.onDispose();
  }
}

/** What onnxruntime takes for a feed. @throws TypeError for a tensor on another runtime's device */
export function feedOf(name: string, feed: Located): Tensor {
  if (isOnHost(feed)) return toRuntime(feed);
  if (feed instanceof OnnxDeviceTensor) return feed.tensor;
  throw new TypeError(`feed '${name}': expected a tensor of onnxruntime or of the host, got another runtime's`);
}
