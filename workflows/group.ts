/** Sweep points that differ from others before PPO: their own stages up to the reward, then their points. */

import type { UpstreamResults } from '../activities/study-results.js';
import type { StudyGroup } from '../activities/study.js';
import type { StageProgress } from '../activities/stage-progress.js';
import type { Queues } from './queues.js';
import { StageList } from './stage-list.js';
import { runSweep, type SweepOutcome } from './sweep.js';
import { runUpstream, upstreamStages, type UpstreamStage } from './upstream.js';

export interface GroupInput {
  readonly group: StudyGroup;
  readonly queues: Queues;
  readonly parallel?: number;
  /** The first group's stages bear their plain names. */
  readonly first: boolean;
}

export interface GroupResult extends SweepOutcome {
  readonly upstream: UpstreamResults;
  readonly stages: readonly StageProgress[];
}

export async function groupWorkflow({ group, queues, first, ...rest }: GroupInput): Promise<GroupResult> {
  const nameOf = (stage: UpstreamStage) => (first ? stage : `${stage} ${group.label}`);
  const stages = new StageList(upstreamStages.map(nameOf));
  const upstream = await runUpstream(stages, group.study, queues, nameOf);
  const outcome = await runSweep(stages, { ...group, queues, ...rest }, upstream);
  return { upstream, ...outcome, stages: stages.all() };
}
