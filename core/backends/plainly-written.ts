/** Which ops are written with plainer ones on a device. Knows where each runtime's are listed, and none of them. */

import type { Device } from './device.js';
import { isOnnxDevice } from './device.js';
import { lackedOps } from './onnx/lacked-ops.js';
import { composedOps } from './tfjs/rules.js';

/** Ops that take several plainer ones there, whatever the program, by name. */
export function plainlyWritten(device: Device): readonly string[] {
  return isOnnxDevice(device) ? lackedOps[device] : composedOps;
}
