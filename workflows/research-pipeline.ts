/** The whole study, in order: the stages up to the reward, the sweep, the comparison, the report. */

import { executeChild, workflowInfo } from '@temporalio/workflow';
import type { MissingPoint, StudyResults } from '../activities/study-results.js';
import type { ReportFiles } from '../activities/model-jobs/report-files.js';
import type { StudyGroup, StudyInputs, SweepPoint } from '../activities/study.js';
import { studyActivities } from './activity-proxies.js';
import type { StageProgress } from '../activities/stage-progress.js';
import { groupWorkflow, type GroupResult } from './group.js';
import type { Queues } from './queues.js';
import { StageList } from './stage-list.js';
import { childOptions, reasonOf, requireMembers, runSweep, throwIfCancelled } from './sweep.js';
import { runUpstream, upstreamStages } from './upstream.js';

export interface PipelineInput {
  readonly runId: string;
  /** The command that was typed, for the report. */
  readonly command?: string;
  readonly study: StudyInputs;
  readonly points: readonly SweepPoint[];
  readonly queues: Queues;
  /** Sweep points in progress at once; all of them where absent. */
  readonly parallel?: number;
  /** Where points differ before PPO: all of them by what they share, instead of `study` and `points`. */
  readonly groups?: readonly StudyGroup[];
}

export interface PipelineResult extends ReportFiles {
  readonly stages: readonly StageProgress[];
  readonly missing: readonly MissingPoint[];
}

/** What is compared, and the study that the report shows as its own. */
interface Gathered {
  readonly study: StudyInputs;
  readonly made: StudyResults;
}

export async function researchPipelineWorkflow(input: PipelineInput): Promise<PipelineResult> {
  const { runId, command, queues, groups = [] } = input;
  const { cpu } = studyActivities(queues);
  const stages = new StageList([...(groups.length === 0 ? upstreamStages : []), 'compare']);

  const { study, made } = groups.length === 0 ? await oneGroup(stages, input) : await manyGroups(stages, input, groups);

  const comparison = await stages.run('compare', () => cpu.compareRuns({ study, made }));
  const all = stages.all().filter(({ status }) => status === 'done');
  const ordered = [...all.filter(({ name }) => name !== 'compare'), ...all.filter(({ name }) => name === 'compare')];
  const files = await cpu.writeReport({
    study,
    runId,
    ...(command === undefined ? {} : { command }),
    made,
    comparison,
    stages: ordered,
  });
  return { ...files, missing: made.missing, stages: ordered };
}

async function oneGroup(stages: StageList, input: PipelineInput): Promise<Gathered> {
  const upstream = await runUpstream(stages, input.study, input.queues);
  const outcome = await runSweep(stages, input, upstream);
  requireMembers(outcome);
  return { study: input.study, made: { ...upstream, ...membersOf(outcome) } };
}

/** What the comparison and the report need of the points; how their stages went is told elsewhere. */
function membersOf({ members, missing }: Pick<GroupResult, 'members' | 'missing'>) {
  return { members: members.map(({ point, ppo, bias }) => ({ point, ppo, bias })), missing };
}

/**
 * One group after the other: groups may share stages, and what one has made the next one finds in the store.
 * A group that fails before its sweep leaves all of its points missing, and the others go on.
 */
async function manyGroups(
  stages: StageList,
  { points, queues, parallel = points.length }: PipelineInput,
  groups: readonly StudyGroup[],
): Promise<Gathered> {
  stages.expectPoints(points.length);
  const done: { readonly group: StudyGroup; readonly result: GroupResult }[] = [];
  const failed: MissingPoint[] = [];
  for (const group of groups) {
    const childId = `${workflowInfo().workflowId}/${group.id}`;
    const args: Parameters<typeof groupWorkflow> = [{ group, queues, parallel, first: group === groups[0] }];
    try {
      const followed = { workflowId: childId, label: `group ${group.label}`, points: group.points.length };
      const result = await stages.follow(followed, () =>
        executeChild(groupWorkflow, { workflowId: childId, args, ...childOptions }),
      );
      done.push({ group, result });
    } catch (error) {
      throwIfCancelled(error);
      failed.push(...group.points.map((point) => ({ ...point, reason: reasonOf(error) })));
    }
  }
  const missing = [...done.flatMap(({ result }) => result.missing), ...failed];
  requireMembers({ members: done.flatMap(({ result }) => result.members), missing });
  const [first, ...others] = done;
  if (!first) throw new Error('unreachable: a member has a group');
  const { label, overrides } = first.group;
  return {
    study: first.group.study,
    made: {
      ...first.result.upstream,
      ...membersOf({ members: first.result.members, missing }),
      group: { label, overrides },
      others: others.map(({ group, result }) => ({
        study: group.study,
        label: group.label,
        overrides: group.overrides,
        upstream: result.upstream,
        members: membersOf(result).members,
      })),
    },
  };
}
