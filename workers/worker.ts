/** Wires a worker: stores, job processes, activities and workflows, on the queues that it is to serve. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type LogLevel,
  type WorkerOptions,
} from '@temporalio/worker';
import type { Logger } from 'pino';
import { createBiasEvalActivities } from '../activities/bias-eval.js';
import { createCleanActivities } from '../activities/clean.js';
import { createCompareActivities } from '../activities/compare.js';
import { createCrawlActivities } from '../activities/crawl.js';
import { createExploreActivities } from '../activities/explore.js';
import { createFinetuneActivities } from '../activities/finetune.js';
import { createMeasureActivities } from '../activities/measure.js';
import { createPpoActivities } from '../activities/ppo.js';
import { createRewardActivities } from '../activities/reward.js';
import { createSentimentActivities } from '../activities/sentiment.js';
import type { StageDependencies } from '../activities/stage.js';
import { createVocabularyActivities } from '../activities/vocab-extend.js';
import { openStore } from '../infra/open-store.js';
import { createLogger } from '../infra/logger.js';
import { queuesOf } from '../workflows/queues.js';
import { createJobRunner } from './job-processes.js';
import { openSources } from './sources.js';
import type { WorkerSettings } from './settings.js';

/** A worker that polls until it is told to stop. */
export interface RunningWorker {
  /** Settles when every queue has stopped; rejects when one fails. */
  readonly finished: Promise<void>;
  /** Stops polling, cancels what runs (it goes on elsewhere or later) and waits for it. */
  stop(): void;
}

/** Temporal's messages go through the program's own log. Once a process. */
function installRuntime(logger: Logger): void {
  const levels: Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'> = {
    TRACE: 'trace',
    DEBUG: 'debug',
    INFO: 'info',
    WARN: 'warn',
    ERROR: 'error',
  };
  const log = new DefaultLogger('INFO', ({ level, message, meta: { taskToken: _token, ...meta } = {} }) =>
    logger[levels[level]](meta, message),
  );
  Runtime.install({
    logger: log,
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'WARN' }, forward: {} } },
  });
}

/** The workflows as bundled by the build, or their folder when there is no build (tests). */
function workflowSource(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const codePath = fileURLToPath(new URL('../workflows/bundle.cjs', import.meta.url));
  if (existsSync(codePath)) return { workflowBundle: { codePath } };
  return { workflowsPath: fileURLToPath(new URL('../workflows/index.js', import.meta.url)) };
}

/** What every queue's worker has in common. */
function commonOptions({ temporalNamespace }: WorkerSettings, connection: NativeConnection) {
  return {
    connection,
    namespace: temporalNamespace,
    // Heartbeats carry progress: send them on as they come, not at four fifths of the timeout.
    maxHeartbeatThrottleInterval: '1 second',
    shutdownGraceTime: 0,
    shutdownForceTime: '20 seconds',
  } satisfies Partial<WorkerOptions>;
}

/** Every activity, by the queue of the resource that it uses. */
function activitiesByQueue(deps: StageDependencies) {
  return {
    net: createCrawlActivities({ ...deps, openSources }),
    cpu: {
      ...createCleanActivities(deps),
      ...createExploreActivities(deps),
      ...createVocabularyActivities(deps),
      ...createCompareActivities(deps),
      ...createMeasureActivities(deps),
    },
    model: {
      ...createFinetuneActivities(deps),
      ...createSentimentActivities(deps),
      ...createBiasEvalActivities(deps),
      ...createRewardActivities(deps),
      ...createPpoActivities(deps),
    },
  };
}

/** One for the workflows, and one for each queue of activities that has a slot here. */
function optionsByQueue({ queuePrefix, slots }: WorkerSettings, deps: StageDependencies): WorkerOptions[] {
  const queues = queuesOf(queuePrefix);
  const activities = activitiesByQueue(deps);
  const served = (['net', 'cpu', 'model'] as const).filter((queue) => slots[queue] > 0);
  return [
    { taskQueue: queues.pipeline, ...workflowSource() },
    ...served.map((queue) => ({
      taskQueue: queues[queue],
      activities: activities[queue],
      maxConcurrentActivityTaskExecutions: slots[queue],
    })),
  ];
}

/** One queue that fails takes the others along, so that a supervisor sees a dead process and not half a worker. */
function runTogether(workers: readonly Worker[], close: () => Promise<void>): RunningWorker {
  const stop = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) => worker.run());
  for (const run of runs) run.catch(stop);
  const finished = Promise.allSettled(runs).then(async (outcomes) => {
    await close();
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  });
  return { finished, stop };
}

/** Connects and starts polling. */
export async function startWorker(settings: WorkerSettings): Promise<RunningWorker> {
  const logger = createLogger({ level: settings.logLevel, ...(settings.logFile ? { file: settings.logFile } : {}) });
  installRuntime(logger);
  const connection = await NativeConnection.connect({ address: settings.temporalAddress });
  const deps: StageDependencies = {
    store: await openStore(settings.store),
    jobs: createJobRunner(settings, logger),
  };
  const common = commonOptions(settings, connection);
  const workers: Worker[] = [];
  for (const options of optionsByQueue(settings, deps)) workers.push(await Worker.create({ ...common, ...options }));
  return runTogether(workers, () => connection.close());
}
