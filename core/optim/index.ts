/** Optimizers and schedules. */

export type { AdamScalars, AdamSettings, AdamState, AdamStepOptions } from './adam.js';
export { adamCorrections, adamDefaults, adamStep } from './adam.js';
export { AdamMemory } from './adam-memory.js';
export type { GlobalNorm } from './clip.js';
export { globalNorm, normOf } from './clip.js';
export type { LossScale, LossScaleSettings } from './loss-scale.js';
export { isFinite, lossScaleDefaults, nextLossScale } from './loss-scale.js';
export type { LinearSchedule } from './schedule.js';
export { linearLr, linearLrs } from './schedule.js';
