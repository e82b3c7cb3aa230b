/** Reinforcement learning of a language model: PPO, its parts that stand alone, and rewards from a classifier. */

export { QueryError } from './episodes.js';
export type { HealthFlag, HealthProblem } from './health.js';
export type { FixedKl, KlController, SchulmanKl, ZieglerKl } from './kl-controller.js';
export { FirstRatioError, PpoSettingsError, ScoreError } from './ppo-errors.js';
export { defaultPpoSettings } from './ppo-settings.js';
export type { PpoSettings } from './ppo-settings.js';
export type { BatchSeconds, PpoPhase, PpoTiming } from './phase-seconds.js';
export type { PpoBatchStats, PpoSample } from './ppo-stats.js';
export type { PpoHooks, PpoState, ScoreResponses, TrainPpoInput, TrainPpoResult } from './ppo-types.js';
export { trainPpo } from './ppo.js';
export { ppoProfiles } from './profiles.js';
export type { PpoProfile, PpoProfileName } from './profiles.js';
export { bestOnTheWay, stopReason } from './stop-rule.js';
export type { Following, Observation, StoppedRun, StopRule, TrajectoryPoint } from './trajectory-types.js';
export { fitRewardScale, RewardScaleError, scaleRewards } from './reward-scaling.js';
export type { MaxAbsScale, RewardScale, ZScoreScale } from './reward-scaling.js';
