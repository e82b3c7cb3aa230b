/** Takes optimiser steps on the device that is asked for. Knows no graph. */

import { bindsMemory } from '../backends/index.js';
import type { SessionOptions } from '../backends/index.js';
import type { Gpt2Config, Parameters } from '../nn/index.js';
import { hostTensor } from '../tensor.js';
import { openGraphUpdater } from './updater-in-graph.js';
import { openMemoryUpdater } from './updater-in-memory.js';
import type { PolicyUpdater, PolicyUpdaterOptions } from './updater-types.js';

/** @throws AdamMemoryError, RuntimeFailureError */
export function openPolicyUpdater(
  config: Gpt2Config,
  options: PolicyUpdaterOptions,
  runtime: SessionOptions,
): Promise<PolicyUpdater> {
  return (bindsMemory(runtime) ? openMemoryUpdater : openGraphUpdater)(config, options, runtime);
}

/** Moments before the first step. */
export function zeroMoments(params: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(params).map(([name, { shape, data }]) => [
      name,
      hostTensor('float32', shape, new Float32Array(data.length)),
    ]),
  );
}
