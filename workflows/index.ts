/** Every workflow that a worker serves. */

export { ppoWorkflow } from './ppo.js';
export { researchPipelineWorkflow } from './research-pipeline.js';
