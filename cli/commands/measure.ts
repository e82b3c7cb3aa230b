/** `debias measure`: how a given GPT-2 speaks of given keywords. Nothing is crawled, nothing is mitigated. */

import { join, resolve } from 'node:path';
import { loadMeasuring } from '../../config/measuring.js';
import type { MeasuringConfig } from '../../config/schema.js';
import { readEnvironment, type Environment } from '../../config/environment.js';
import { sha256OfJson, type Store } from '../../core/checkpoint/index.js';
import { createLogger } from '../../infra/logger.js';
import { openStore } from '../../infra/open-store.js';
import type { measureWorkflow, MeasureInput } from '../../workflows/measure.js';
import { queuesOf } from '../../workflows/queues.js';
import { clearDying } from '../end-workflow.js';
import { hubFetcher } from '../hub-fetcher.js';
import { inDataFolder, type Interruption } from '../interruption.js';
import { createLiveView, type LiveView } from '../live-view.js';
import { onOwnWorker } from '../own-worker.js';
import { queuePrefix, runFolder, workflowIdOf } from '../paths.js';
import { prepareMeasurement, type MeasurementFiles } from '../prepare-measurement.js';
import { requireDeviceHere } from '../require-device.js';
import { writeResultFiles } from '../result-files.js';
import { writeRunRecord, type RunRecord } from '../run-record.js';
import { openSession, type Session } from '../session.js';
import { resultOf } from '../run-result.js';
import { watchRun } from '../watch-run.js';
import { saySkipped } from '../say-skipped.js';
import { shellCommand } from '../shell-words.js';
import type { WorkerSupervisor } from '../worker-supervisor.js';

export interface MeasureOptions extends MeasurementFiles {
  readonly out?: string | undefined;
  readonly set?: readonly string[] | undefined;
}

function commandOf(options: MeasureOptions): string {
  const named: readonly (readonly [string, string | undefined])[] = [
    ['--model', options.model],
    ['--targets', options.targets],
    ['--prompts', options.prompts],
    ['--sentiment-labels', options.sentimentLabels],
    ['--sentiment-model', options.sentimentModel],
    ['--general-text', options.generalText],
    ['--out', options.out],
    ...(options.set ?? []).map((setting) => ['-S', setting] as const),
  ];
  return shellCommand([
    'npx',
    'debias',
    'measure',
    ...named.flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...(options.skipBadRows ? ['--skip-bad-rows'] : []),
  ]);
}

type Measured = Awaited<ReturnType<typeof measureWorkflow>>;
type Logger = ReturnType<typeof createLogger>;

/** Starts the workflow, or attaches to it when it runs. */
async function start({ client }: Session, input: MeasureInput) {
  await clearDying(client, workflowIdOf(input.runId));
  return client.workflow.start<typeof measureWorkflow>('measureWorkflow', {
    workflowId: workflowIdOf(input.runId),
    taskQueue: input.queues.pipeline,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [input],
  });
}

/** Starts it, and waits for its end. */
async function follow(
  session: Session,
  input: MeasureInput,
  view: LiveView,
  ended: readonly Promise<never>[],
): Promise<Measured> {
  const handle = await Promise.race([start(session, input), ...ended]);
  const finished = Promise.race([resultOf(handle), ...ended]);
  await watchRun(session.client, handle.workflowId, view, finished);
  return finished;
}

interface Running {
  readonly environment: Environment;
  readonly store: Store;
  readonly view: LiveView;
  readonly record: RunRecord;
  readonly input: MeasureInput;
  /** Folder for a second copy of what a person reads. */
  readonly out?: string | undefined;
}

/** Everything that is known before anything runs. */
async function prepare(
  options: MeasureOptions,
  environment: Environment,
  config: MeasuringConfig,
  logger: Logger,
): Promise<Running> {
  const store = await openStore(environment.store);
  const study = await prepareMeasurement(store, config, options, {
    fetchModel: hubFetcher(environment, logger),
    onSkipped: saySkipped,
  });
  const runId = `${config.name}-${sha256OfJson(study).slice(0, 8)}`;
  const command = commandOf(options);
  const startedAt = new Date().toISOString();
  return {
    environment,
    store,
    view: createLiveView(logger),
    record: { runId, preset: config.name, startedAt, state: 'running', command },
    input: { runId, study, command, queues: queuesOf(queuePrefix) },
    out: options.out,
  };
}

/** From the started services to the finished measurement. */
async function carryOut(
  { environment, store, view, record, input, out }: Running,
  session: Session,
  worker: WorkerSupervisor,
  stopped: Promise<never>,
): Promise<void> {
  const result = await follow(session, input, view, [stopped, worker.failed]);
  const folder = runFolder(environment.home, input.runId);
  const table = await writeResultFiles(store, folder, result);
  const shown = out === undefined ? folder : resolve(out);
  if (out !== undefined) await writeResultFiles(store, shown, result);
  view.close();
  writeRunRecord(environment.home, { ...record, state: 'completed' });
  process.stdout.write(`\n${table}\nreport   ${join(shown, 'report.html')}\nresults  ${join(shown, 'results.json')}\n`);
}

async function runHere(running: Running, config: MeasuringConfig, interruption: Interruption): Promise<void> {
  const { environment, view, record } = running;
  const session = await openSession(environment, (line) => view.say(line), interruption.signal);
  try {
    await onOwnWorker({ environment, view, record, config }, session, interruption, (worker, stopped) =>
      carryOut(running, session, worker, stopped),
    );
  } finally {
    view.close();
    await session.close();
  }
}

export async function measureModel(options: MeasureOptions): Promise<void> {
  const environment = readEnvironment();
  const config = loadMeasuring(options.set ?? []);
  const logger = createLogger({ level: environment.logLevel });
  await inDataFolder(environment.home, commandOf(options), async (interruption) => {
    await Promise.race([requireDeviceHere(environment, config, logger), interruption.interrupted]);
    const preparing = prepare(options, environment, config, logger);
    await runHere(await Promise.race([preparing, interruption.interrupted]), config, interruption);
  });
}
