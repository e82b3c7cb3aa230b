/** Stage compare: sets every sweep point beside the baseline, with statistics, report and results. */

import type { CompareJobResult } from './model-jobs/compare.js';
import type { ReportFiles } from './model-jobs/report-files.js';
import { runActivity, runStage, type StageDependencies, type StageOutcome } from './stage.js';
import { mainSeed, readStudyConfig } from './study.js';
import type { CompareInput, SweepMember, WriteReportInput } from './study-results.js';

/** Of a study and of a measurement alone: both have their statistics from one job. */
export const compareStage = { name: 'compare', version: 6 } as const;

function comparedMember({ point, ppo, bias }: SweepMember) {
  const { health, trajectory, stopped } = ppo;
  return { point, health, bias, ...(trajectory ? { trajectory } : {}), ...(stopped ? { stopped } : {}) };
}

export function createCompareActivities(deps: StageDependencies) {
  return {
    async compareRuns({ study, made }: CompareInput): Promise<StageOutcome<CompareJobResult>> {
      const config = await readStudyConfig(deps.store, study);
      const settings = { bootstrapSamples: config.biasEval.bootstrapSamples, seed: mainSeed(config) };
      const { baseline, reward, crawl } = made;
      const members = made.members.map(comparedMember);
      const others = (made.others ?? []).flatMap(({ upstream, members: own }) =>
        own.map((member) => ({
          ...comparedMember(member),
          own: { baseline: upstream.baseline, rewards: upstream.reward.baselineRewards },
        })),
      );
      const inputs = {
        baseline,
        baselineRewards: reward.baselineRewards,
        members: [...members, ...others],
        ...(crawl.planted ? { planted: crawl.planted } : {}),
      };
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
