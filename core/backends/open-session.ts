/** Opens a program on the device that is asked for. Knows which runtime has which device. */

import type { Program, Signature, TensorsOf } from '../ir/program.js';
import { isOnnxDevice, tfjsBackendOf } from './device.js';
import type { DeviceMemory } from './device-tensor.js';
import { hostMemory } from './device-tensor.js';
import { gpuMemory } from './onnx/gpu-memory.js';
import {
  keepsTensors,
  openBoundSession as openBoundOnnxSession,
  openKeepingSession as openKeepingOnnxSession,
  openSession as openOnnxSession,
} from './onnx/session.js';
import type { Bound, BoundSession, KeepingSession, Session, SessionOptions } from './session.js';
import { tfjsMemory } from './tfjs/device-tensors.js';
import { openKeepingTfjsSession, openTfjsSession } from './tfjs/session.js';

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
  const backend = tfjsBackendOf(options.device ?? 'cpu');
  return backend === undefined
    ? openOnnxSession(program, onnxOptions(options), fixed)
    : openTfjsSession(program, backend, fixed);
}

/**
 * The same, with outputs that stay on the device to be fed to the next run.
 * @throws DeviceUnavailableError, RuntimeFailureError
 */
export function openKeepingSession(
  program: Program,
  options: SessionOptions,
  keep: readonly string[],
): Promise<KeepingSession> {
  const backend = tfjsBackendOf(options.device ?? 'cpu');
  return backend === undefined
    ? openKeepingOnnxSession(program, onnxOptions(options), keep)
    : openKeepingTfjsSession(program, backend, keep);
}

/** Whether a program's tensors may lie in the caller's memory. */
export function bindsMemory({ device = 'cpu' }: Pick<SessionOptions, 'device'>): boolean {
  return device === 'cpu';
}

/**
 * A session whose outputs, and some of whose inputs, lie in the caller's memory, on a device for which `bindsMemory` holds.
 * @throws RuntimeFailureError; FeedError when what is bound does not fit
 */
export function openBoundSession(program: Program, options: SessionOptions, bound: Bound): Promise<BoundSession> {
  return openBoundOnnxSession(program, onnxOptions(options), bound);
}

/** How tensors come to the device and back. */
export function deviceMemory(options: SessionOptions): DeviceMemory {
  const backend = tfjsBackendOf(options.device ?? 'cpu');
  if (backend !== undefined) return tfjsMemory(backend);
  return keepsTensors(options) ? gpuMemory(onnxOptions(options)) : hostMemory;
}

/** Whether what runs leave on the device stays there until it is fed again. */
export function staysOnDevice({ device = 'cpu' }: Pick<SessionOptions, 'device'>): boolean {
  return tfjsBackendOf(device) !== undefined || keepsTensors({ device });
}

function onnxOptions({ device = 'cpu', ...rest }: SessionOptions): SessionOptions {
  return { ...rest, ...(isOnnxDevice(device) && { device }) };
}
