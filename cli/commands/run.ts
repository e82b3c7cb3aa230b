/** `debias run`: starts a study or goes on with it, shows it, and ends with its table and report. */

import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { readEnvironment, type Environment } from '../../config/environment.js';
import type { StudyConfig } from '../../config/schema.js';
import type { Store } from '../../core/checkpoint/index.js';
import { createLogger } from '../../infra/logger.js';
import { openStore } from '../../infra/open-store.js';
import { queuesOf } from '../../workflows/queues.js';
import type { PipelineInput, PipelineResult, researchPipelineWorkflow } from '../../workflows/research-pipeline.js';
import { duration } from '../../core/report/format.js';
import { clearDying } from '../end-workflow.js';
import { hubFetcher } from '../hub-fetcher.js';
import { inDataFolder, type Interruption } from '../interruption.js';
import { createLiveView, type LiveView } from '../live-view.js';
import { writeResultFiles } from '../result-files.js';
import { checkRunName, queuePrefix, runFolder, workflowIdOf } from '../paths.js';
import { defaultRunId, prepareStudy } from '../prepare-study.js';
import { prepareGroups } from '../sweep-points.js';
import { onOwnWorker } from '../own-worker.js';
import { incompleteExitCode } from '../report-error.js';
import { requireDeviceHere } from '../require-device.js';
import { resultOf } from '../run-result.js';
import { writeRunRecord, type RunRecord } from '../run-record.js';
import { saySkipped } from '../say-skipped.js';
import { attach, NoServerError, openSession, type Session } from '../session.js';
import { shellCommand } from '../shell-words.js';
import { configOf, type StudyOptions } from '../study-options.js';
import { watchRun } from '../watch-run.js';
import type { WorkerSupervisor } from '../worker-supervisor.js';

export interface RunOptions extends StudyOptions {
  readonly run?: string | undefined;
  readonly detach?: boolean | undefined;
}

/** The same command, as it would be typed to go on. */
function commandOf({ preset, config, set, run, skipBadRows }: RunOptions): string {
  return shellCommand([
    'npx',
    'debias',
    'run',
    ...(config ? ['--config', config] : ['--preset', preset ?? 'small']),
    ...(set ?? []).flatMap((setting) => ['-S', setting]),
    ...(skipBadRows ? ['--skip-bad-rows'] : []),
    ...(run ? ['--run', run] : []),
  ]);
}

/** Starts the workflow, or attaches to it when it runs; a finished one runs again and finds its stages done. */
async function startPipeline(client: Client, input: PipelineInput) {
  await clearDying(client, workflowIdOf(input.runId));
  return client.workflow.start<typeof researchPipelineWorkflow>('researchPipelineWorkflow', {
    workflowId: workflowIdOf(input.runId),
    taskQueue: input.queues.pipeline,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [input],
  });
}

interface Running {
  readonly environment: Environment;
  readonly store: Store;
  readonly view: LiveView;
  readonly record: RunRecord;
  readonly input: PipelineInput;
}

/** From the started services to the finished study. */
async function carryOut(
  { environment, store, view, record, input }: Running,
  session: Session,
  worker: WorkerSupervisor,
  stopped: Promise<never>,
): Promise<void> {
  const handle = await Promise.race([startPipeline(session.client, input), stopped]);
  const startedAt = performance.now();
  const finished = Promise.race([resultOf(handle), stopped, worker.failed]);
  await watchRun(session.client, handle.workflowId, view, finished);
  const result = await finished;
  const table = await writeResultFiles(store, runFolder(environment.home, record.runId), result);
  view.close();
  writeRunRecord(environment.home, { ...record, state: 'completed' });
  const lines = [
    `\n${table}`,
    ...reusedLine(result),
    `took     ${duration((performance.now() - startedAt) / 1000)}`,
    `report   ${join(runFolder(environment.home, record.runId), 'report.html')}`,
    `results  ${join(runFolder(environment.home, record.runId), 'results.json')}`,
    `history  ${session.temporal.uiAddress ?? session.temporal.address} (after this command: \`npx debias server\` opens it again)`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  sayMissing(result, record);
}

/** Stages by name, those of sweep points by their number. */
function reusedLine({ stages }: PipelineResult): string[] {
  const reused = stages.filter((stage) => stage.reused);
  const ofPoints = reused.filter(({ point }) => point !== undefined).length;
  const names = reused.flatMap(({ name, point }) => (point === undefined ? [name] : []));
  const parts = [...names, ...(ofPoints > 0 ? [`${ofPoints} stages of sweep points`] : [])];
  return parts.length > 0 ? [`reused   ${parts.join(', ')}`] : [];
}

/** A study that ended with points missing is done, but not all of what was asked for. */
function sayMissing({ missing }: PipelineResult, { command }: RunRecord): void {
  if (missing.length === 0) return;
  const points = missing.length === 1 ? '1 sweep point has' : `${missing.length} sweep points have`;
  process.stderr.write(`${points} no result; to try again: ${command}\n`);
  process.exitCode = incompleteExitCode;
}

/** Starts the study on a server and workers that run already. */
async function startDetached({ environment, record, input }: Running): Promise<void> {
  const attached = await attach(environment);
  if (!attached) throw new NoServerError('run --detach');
  await startPipeline(attached.client, input);
  writeRunRecord(environment.home, record);
  process.stdout.write(
    `started ${record.runId} at ${attached.address}; follow it with: npx debias status ${record.runId} --watch\n`,
  );
}

/** Everything that is known before anything runs. */
async function prepare(options: RunOptions, environment: Environment, config: StudyConfig): Promise<Running> {
  const named = options.run === undefined ? undefined : checkRunName(options.run);
  const logger = createLogger({ level: environment.logLevel });
  const store = await openStore(environment.store);
  const groups = await prepareGroups(config, (own) =>
    prepareStudy(store, own, hubFetcher(environment, logger), saySkipped),
  );
  const studies = groups.map(({ study }) => study);
  const [study] = studies;
  if (!study) throw new RangeError('run: expected a sweep of at least one point, got none');
  const runId = named ?? defaultRunId(config, studies);
  return {
    environment,
    store,
    view: createLiveView(logger),
    record: {
      runId,
      preset: config.name,
      startedAt: new Date().toISOString(),
      state: 'running',
      command: commandOf(options),
    },
    input: {
      runId,
      command: commandOf(options),
      study,
      points: groups.flatMap(({ points }) => points),
      queues: queuesOf(queuePrefix),
      parallel: config.compute.sweepParallel,
      ...(groups.length > 1 ? { groups } : {}),
    },
  };
}

async function runHere(
  options: RunOptions,
  environment: Environment,
  config: StudyConfig,
  interruption: Interruption,
): Promise<void> {
  const { signal, interrupted } = interruption;
  await Promise.race([
    requireDeviceHere(environment, config, createLogger({ level: environment.logLevel })),
    interrupted,
  ]);
  const running = await Promise.race([prepare(options, environment, config), interrupted]);
  const { view, record, store } = running;
  const session = await openSession(environment, (line) => view.say(line), signal);
  try {
    const place = session.temporal.uiAddress ?? session.temporal.address;
    view.say(`run ${record.runId} · store: ${store.describe()} · Temporal: ${place}`);
    await onOwnWorker({ environment, view, record, config }, session, interruption, (worker, stopped) =>
      carryOut(running, session, worker, stopped),
    );
  } finally {
    view.close();
    await session.close();
  }
}

export async function runStudy(options: RunOptions): Promise<void> {
  const environment = readEnvironment();
  const config = configOf(options);
  if (options.detach) await startDetached(await prepare(options, environment, config));
  else
    await inDataFolder(environment.home, commandOf(options), (interruption) =>
      runHere(options, environment, config, interruption),
    );
}
