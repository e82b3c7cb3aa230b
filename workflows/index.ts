/** Every workflow that a worker serves. */

export { groupWorkflow } from './group.js';
export { measureWorkflow } from './measure.js';
export { ppoWorkflow } from './ppo.js';
export { researchPipelineWorkflow } from './research-pipeline.js';
