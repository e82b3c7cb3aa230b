/** Whether a device is here: what opening it says when it is not. */

import { DeviceUnavailableError, requireDevice } from '../../../core/backends/index.js';
import type { Device } from '../../../core/backends/index.js';

export async function absenceOf(device: Device): Promise<DeviceUnavailableError | undefined> {
  try {
    await requireDevice(device);
    return undefined;
  } catch (error) {
    if (error instanceof DeviceUnavailableError) return error;
    throw error;
  }
}
