/** Tensor programs on onnxruntime-node: lowering to ONNX bytes, sessions, and what a run's bits depend on. */

export { FeedError, RuntimeFailureError } from '../errors.js';
export type { RuntimeFingerprint } from './fingerprint.js';
export { builtForDevices, runtimeFingerprint } from './fingerprint.js';
export { lowerToOnnx } from './lower.js';
export type { LoweringOptions } from './scope.js';
export type { Session, SessionOptions } from '../session.js';
export { openSession } from './session.js';
