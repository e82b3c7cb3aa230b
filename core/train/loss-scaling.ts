/** The host's side of loss scaling: what a run is fed, and what it leaves for the next one. Knows no graph. */

import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';

/** Where the scaling of the loss stands. */
export interface LossScaling {
  readonly scale: number;
  /** Finite steps since the scale changed last. */
  readonly streak: number;
  /** Steps so far that were not taken, as their gradients were not finite. */
  readonly skipped: number;
}

/** Feeds of a program that scales its loss; none where there is nothing to scale. */
export function scalingFeeds(scaling: LossScaling | undefined): Record<string, HostTensor> {
  if (!scaling) return {};
  const number = (value: number) => hostTensor('float32', [], Float32Array.of(value));
  return { lossScale: number(scaling.scale), lossScaleStreak: number(scaling.streak) };
}

/** After a run of K steps, from what it says of each. */
export function scalingAfter(
  { skipped }: LossScaling,
  run: { readonly applied: Float32Array; readonly lossScales: Float32Array; readonly streaks: Float32Array },
): LossScaling {
  return {
    scale: run.lossScales.at(-1) ?? NaN,
    streak: run.streaks.at(-1) ?? NaN,
    skipped: skipped + run.applied.filter((one) => one === 0).length,
  };
}
