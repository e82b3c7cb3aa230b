/** Bias and general writing along PPO: measured every few batches, and part of the training state. Measures nothing itself. */

import type { Parameters } from '../nn/index.js';
import type { RunningState } from './ppo-types.js';
import { bestOnTheWay, stopReason } from './stop-rule.js';
import type { Following, StoppedRun, TrajectoryPoint } from './trajectory-types.js';
import { splitValueHead } from './value-head.js';

/** The state with a measurement of its policy, where one is due. */
export async function followed(state: RunningState, batches: number, following?: Following): Promise<RunningState> {
  if (!following || !isDue(state, batches, following)) return state;
  const { batch, curve, trajectory = [] } = state;
  const last = curve.at(-1);
  const point: TrajectoryPoint = {
    batch,
    episodes: last?.episodes ?? 0,
    ...(last ? { kl: last.kl, reward: last.rewardMean } : {}),
    ...(await following.measure(splitValueHead(state.params).policy)),
  };
  const measured = { ...state, trajectory: [...trajectory, point] };
  const best = following.stopAt && bestOnTheWay(measured.trajectory, following.stopAt);
  return best === point ? { ...measured, kept: { batch, params: state.params } } : measured;
}

function isDue({ batch, trajectory = [] }: RunningState, batches: number, { everyBatches }: Following): boolean {
  return trajectory.at(-1)?.batch !== batch && (batch % everyBatches === 0 || batch === batches);
}

/** Why the run ends before its last batch; undefined to go on. */
export function whyStop({ trajectory = [] }: RunningState, following?: Following): string | undefined {
  return following?.stopAt && stopReason(trajectory, following.stopAt);
}

/** The parameters that the run gives back, and how it came to them. */
export function outcomeOf(
  state: RunningState,
  following?: Following,
): { readonly params: Parameters; readonly stopped?: StoppedRun } {
  if (!following?.stopAt || !state.kept) return { params: state.params };
  const reason = whyStop(state, following);
  return {
    params: state.kept.params,
    stopped: { batch: state.batch, kept: state.kept.batch, ...(reason === undefined ? {} : { reason }) },
  };
}
