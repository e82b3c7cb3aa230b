/** In which floats programs compute, and what to do where a device has only the wide ones. Knows no runtime. */

import type { Floating } from '../tensor.js';
import type { Device } from './device.js';

/** `float16`: matrix products and what lies between them; parameters, sums, statistics and the optimizer stay float32. */
export type Precision = Floating;

export const precisions: readonly Precision[] = ['float32', 'float16'];

/** The device does not compute in this precision. */
export class PrecisionUnavailableError extends Error {
  override readonly name = 'PrecisionUnavailableError';
  constructor(
    readonly device: Device,
    readonly precision: Precision,
    readonly reason: string,
    cause?: unknown,
  ) {
    super(
      `precision ${precision} on ${device}: not available: ${reason}; set compute.precision to float32, or choose a device ` +
        'that has it: cuda, webgpu with shader-f16, or cpu, to test with (docs/gpu.md)',
      { cause },
    );
  }
}
