/** Job device-check: opens a device in a process like that of every other job, so that what is missing is found early. */

import { requireDevice, requirePrecision, type Device, type Precision } from '../../core/backends/index.js';

export interface DeviceCheckJobInput {
  readonly device: Device;
  readonly precision: Precision;
}

/** @throws DeviceUnavailableError, PrecisionUnavailableError that say what to do */
export async function deviceCheckJob({ device, precision }: DeviceCheckJobInput): Promise<void> {
  await requireDevice(device);
  await requirePrecision(device, precision);
}
