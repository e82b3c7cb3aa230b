/** Which ops an execution provider has no kernel for. Knows nothing of how they are written instead. */

import type { OnnxDevice } from '../device.js';

/** Ops that there is a plainer form of. */
export type FallbackOp = 'LogSoftmax' | 'Or' | 'Sign';

/** As onnxruntime 1.30's kernels are registered; what `debias doctor --device` lists as left to the CPU has no plainer form. */
export const lackedOps: { readonly [D in OnnxDevice]: readonly FallbackOp[] } = {
  cpu: [],
  cuda: [],
  webgpu: ['LogSoftmax', 'Or', 'Sign'],
};
