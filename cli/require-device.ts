/** Makes sure, before a study starts, that the device it asks for is on this machine, and computes in its precision. */

import type { Logger } from 'pino';
import type { Environment } from '../config/environment.js';
import type { StudyConfig } from '../config/schema.js';
import { createJobRunner } from '../workers/job-processes.js';

/** A driver that compiles its first shader is silent for a while. */
const stallSeconds = 120;

/**
 * Opens the device in a job process, with the environment that jobs get.
 * @throws ModelJobError of a DeviceUnavailableError or PrecisionUnavailableError, which say what to do
 */
export async function requireDeviceHere(
  { store, jobVariables }: Pick<Environment, 'store' | 'jobVariables'>,
  { compute: { device, precision } }: Pick<StudyConfig, 'compute'>,
  logger: Logger,
): Promise<void> {
  if (device === 'cpu' && precision === 'float32') return;
  const jobs = createJobRunner({ store, stallSeconds, jobVariables }, logger);
  await jobs.run('device-check', { device, precision }, { signal: new AbortController().signal, progress: () => {} });
}
