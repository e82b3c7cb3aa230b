/** Every workflow that a worker serves. */

export { measureWorkflow } from './measure.js';
export { ppoWorkflow } from './ppo.js';
export { researchPipelineWorkflow } from './research-pipeline.js';
