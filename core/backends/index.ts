/** Programs on devices: opening them, moving tensors, and what is here. Knows which runtime has which device. */

export { DeviceUnavailableError, devices, parseDevice } from './device.js';
export type { Device } from './device.js';
export { disposeAll, isOnHost } from './device-tensor.js';
export type { DeviceMemory, DeviceTensor, FeedsOf, Located, LocatedTensors } from './device-tensor.js';
export type { Precision } from './precision.js';
export { plainlyWritten } from './plainly-written.js';
export { precisions, PrecisionUnavailableError } from './precision.js';
export { ResidentTensors } from './resident-tensors.js';
export type { BoundSession, KeepingSession, KeptRun, Session, SessionOptions } from './session.js';
export {
  bindsMemory,
  deviceMemory,
  openBoundSession,
  openKeepingSession,
  openSession,
  staysOnDevice,
} from './open-session.js';
export { requireDevice, requirePrecision } from './require-device.js';
