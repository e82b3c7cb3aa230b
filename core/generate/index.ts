/** Text generation. */

export type { FixedSampler, Sampler, Samples, SamplerSettings } from './sampler.js';
export { createFixedSampler, createSampler, cutAtStop } from './sampler.js';
export type { SamplerProgramSettings, SamplerShape } from './sampler-program.js';
export type { SamplingSettings } from './sampling.js';
export type { DrawnToken, TokenReader } from './token-reader.js';
export { drawnLogProbs, logProbReader } from './token-reader.js';
