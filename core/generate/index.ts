/** Text generation. */

export type { Sampler, Samples, SamplerSettings } from './sampler.js';
export { createSampler, cutAtStop } from './sampler.js';
export type { SamplerShape } from './sampler-program.js';
export type { SamplingSettings } from './sampling.js';
