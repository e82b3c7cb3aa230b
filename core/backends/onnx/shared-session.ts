/**
 * A session of onnxruntime that outlives its release until every tensor that it left on the device is disposed of: their
 * memory is the session's, and to touch it afterwards ends the process. Knows no program.
 */

import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Spec } from '../../ir/graph.js';
import { OnnxDeviceTensor } from './device-tensors.js';

export class SharedSession {
  readonly #living = new Set<OnnxDeviceTensor>();
  #released = false;

  constructor(
    readonly session: InferenceSession,
    private readonly close: () => Promise<void>,
  ) {}

  /** A tensor that the session left on the device. */
  keep(spec: Spec, tensor: Tensor): OnnxDeviceTensor {
    const kept = new OnnxDeviceTensor(spec, tensor, () => {
      this.#living.delete(kept);
      if (this.#released && this.#living.size === 0) void this.close();
    });
    this.#living.add(kept);
    return kept;
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    if (this.#living.size === 0) await this.close();
  }
}
