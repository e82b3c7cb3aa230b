/** Stage compare: sets every sweep point beside the baseline, with statistics, report and results. */

import { sha256OfJson, type Store } from '../core/checkpoint/index.js';
import { measuredWith } from './bias-eval.js';
import type { CompareJobResult } from './model-jobs/compare.js';
import type { ReportFiles } from './model-jobs/report-files.js';
import { runActivity, runStage, type StageDependencies, type StageOutcome } from './stage.js';
import { mainSeed, readMeasuringConfig, readStudyConfig, type GroupName } from './study.js';
import type { CompareInput, OtherGroup, WriteReportInput } from './study-results.js';

/** Of a study and of a measurement alone: both have their statistics from one job. */
export const compareStage = { name: 'compare', version: 9 } as const;

type Group = GroupName & Pick<OtherGroup, 'study' | 'upstream' | 'members'>;

/** All groups of a sweep, the first one too; a sweep of PPO alone is one group without a name. */
function groupsOf({ study, made }: CompareInput): Group[] {
  const { members, missing: _missing, others = [], group, ...upstream } = made;
  return [{ study, upstream, members, ...(group ?? { label: '', overrides: {} }) }, ...others];
}

async function comparedGroup(store: Store, { study, upstream, members, label, overrides }: Group) {
  const { baseline, reward, crawl, sentiment } = upstream;
  const config = await readMeasuringConfig(store, study);
  return {
    label,
    overrides,
    measuredWith: sha256OfJson(measuredWith(config, study, sentiment.model)),
    baseline,
    baselineRewards: reward.baselineRewards,
    ...(crawl.planted ? { planted: crawl.planted } : {}),
    members: members.map(({ point, ppo: { health, trajectory, stopped }, bias }) => ({
      point,
      health,
      bias,
      ...(trajectory ? { trajectory } : {}),
      ...(stopped ? { stopped } : {}),
    })),
  };
}

export function createCompareActivities(deps: StageDependencies) {
  return {
    async compareRuns(input: CompareInput): Promise<StageOutcome<CompareJobResult>> {
      const config = await readStudyConfig(deps.store, input.study);
      const settings = { bootstrapSamples: config.biasEval.bootstrapSamples, seed: mainSeed(config) };
      const inputs = { groups: await Promise.all(groupsOf(input).map((group) => comparedGroup(deps.store, group))) };
      return runStage(deps, { ...compareStage, config: settings, inputs }, (run) =>
        deps.jobs.run('compare', { ...inputs, settings }, run),
      );
    },

    /** The pages show this run's times and what it reused, so they are made anew each time. */
    async writeReport(input: WriteReportInput): Promise<ReportFiles> {
      return runActivity('report', input.runId, (run) => deps.jobs.run('report', input, run));
    },
  };
}
