/** Bias and general writing along PPO: measured every few batches, and part of the training state. Measures nothing itself. */

import type { Parameters } from '../nn/index.js';
import type { RunningState } from './ppo-types.js';
import { bestOnTheWay, stopReason, type StopRule } from './stop-rule.js';
import { splitValueHead } from './value-head.js';

/** What a policy was found to be like. */
export interface Observation {
  /** Mean pairwise distance by group. */
  readonly distance: Readonly<Record<string, number>>;
  /** What sampling noise alone gives, by group. */
  readonly floor: Readonly<Record<string, number>>;
  readonly generalPerplexity?: number;
}

export interface TrajectoryPoint extends Observation {
  /** Batches finished; 0 is the model that PPO starts from. */
  readonly batch: number;
  readonly episodes: number;
  /** Nats a response, in the batch before. */
  readonly kl?: number;
  /** Mean score of the batch before. */
  readonly reward?: number;
}

export interface Following {
  /** Batches from one measurement to the next; start and end are measured in any case. */
  readonly everyBatches: number;
  /** Must give the same figures for the same parameters, or a resumed run would differ. */
  readonly measure: (policy: Parameters) => Promise<Observation>;
  /** Without it all batches are trained and the last model is the result. */
  readonly stopAt?: StopRule;
}

/** The model to keep so far. */
export interface KeptModel {
  readonly batch: number;
  /** Policy and value head. */
  readonly params: Parameters;
}

/** How the run ended, where the best model was to be kept. */
export interface StoppedRun {
  /** Batches trained. */
  readonly batch: number;
  /** Batch after which the result was taken. */
  readonly kept: number;
  /** Absent where all batches were trained. */
  readonly reason?: string;
}

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
