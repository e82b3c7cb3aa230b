/** Job device-check: opens a device in a process like that of every other job, so that a missing one is found early. */

import { requireDevice, type Device } from '../../core/backends/index.js';

export interface DeviceCheckJobInput {
  readonly device: Device;
}

/** @throws DeviceUnavailableError that says how to get the device */
export function deviceCheckJob({ device }: DeviceCheckJobInput): Promise<void> {
  return requireDevice(device);
}
