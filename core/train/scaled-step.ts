/**
 * Loss scaling inside a training program: what it carries from step to step, and what a step leaves of it. Knows neither the
 * loss nor the optimizer.
 */

import { add, cast, scalar } from '../ir/index.js';
import type { Graph, Value } from '../ir/index.js';
import { nextLossScale } from '../optim/index.js';
import type { LossScale, LossScaleSettings } from '../optim/index.js';

type Scalars = Readonly<Record<string, Value<'float32'>>>;

export interface ScaledState extends LossScale {
  /** Steps of this run that counted: those of the optimizer. */
  readonly taken: Value<'float32'>;
}

/** Declares the inputs `lossScale` and `lossScaleStreak`. */
export function scalingInputs(graph: Graph): Scalars {
  return {
    lossScale: graph.input('lossScale', 'float32', []),
    lossScaleStreak: graph.input('lossScaleStreak', 'float32', []),
    stepsTaken: scalar(graph, 0),
  };
}

/** The scaling that a step's carried state holds, if it does. */
export function scalingOf({
  lossScale: scale,
  lossScaleStreak: streak,
  stepsTaken: taken,
}: Scalars): ScaledState | undefined {
  return scale && streak && taken ? { scale, streak, taken } : undefined;
}

/** What is carried on from a step whose gradients were finite or not, and what the host is told of it. */
export function afterScaledStep(
  state: ScaledState,
  finite: Value<'bool'>,
  settings: LossScaleSettings,
): { carried: Scalars; scans: Scalars } {
  const { scale: lossScale, streak: lossScaleStreak } = nextLossScale(state, finite, settings);
  const applied = cast(finite, 'float32');
  return {
    carried: { lossScale, lossScaleStreak, stepsTaken: add(state.taken, applied) },
    scans: { applied, lossScale, lossScaleStreak },
  };
}
