/** Learning-rate schedules as plain functions of the step number. Knows no optimizer. */

export interface LinearSchedule {
  readonly peakLr: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
}

/**
 * Rises linearly over the warm-up, then falls linearly and reaches 0 at `totalSteps`.
 * `step` counts from 1, so that the first update already moves (get_linear_schedule_with_warmup of Transformers, at step + 1).
 */
export function linearLr({ peakLr, warmupSteps, totalSteps }: LinearSchedule, step: number): number {
  if (step < warmupSteps) return (peakLr * step) / warmupSteps;
  return peakLr * Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
}

/** Learning rates of steps `first + 1 … first + count`. */
export function linearLrs(schedule: LinearSchedule, first: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => linearLr(schedule, first + 1 + i));
}
