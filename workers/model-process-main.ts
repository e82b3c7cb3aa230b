/** The process of one model job: this program's table of jobs, run by whoever sends one. */

import { modelJobs } from '../activities/model-jobs/index.js';
import { runModelJob } from './model-process-child.js';

runModelJob(modelJobs);
