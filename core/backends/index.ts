/** Opens a program on the device that is asked for. Knows which runtime has which device. */

import type { Program, Signature, TensorsOf } from '../ir/program.js';
import { isOnnxDevice, tfjsBackendOf } from './device.js';
import { openSession as openOnnxSession } from './onnx/session.js';
import type { Session, SessionOptions } from './session.js';
import { openTfjsSession } from './tfjs/session.js';

export { DeviceUnavailableError, devices, parseDevice } from './device.js';
export type { Device } from './device.js';
export type { Session, SessionOptions } from './session.js';

/**
 * @param fixed feeds that are the same in every run, given once: the runtime may lay them out for its products, and a
 * device keeps them. Runs are fed the others. Nobody may write to them while the session is open.
 * @throws DeviceUnavailableError when the device is not here; RuntimeFailureError when the runtime refuses the program;
 * FeedError when a fixed feed does not fit
 */
export function openSession<In extends Signature, Out extends Signature>(
  program: Program<In, Out>,
  options: SessionOptions,
  fixed?: TensorsOf<Signature>,
): Promise<Session<In, Out>>;
export function openSession(
  program: Program,
  options: SessionOptions,
  fixed: TensorsOf<Signature> = {},
): Promise<Session<Signature, Signature>> {
  const { device = 'cpu' } = options;
  const backend = tfjsBackendOf(device);
  if (backend !== undefined) return openTfjsSession(program, backend, fixed);
  return openOnnxSession(program, { ...options, ...(isOnnxDevice(device) && { device }) }, fixed);
}
