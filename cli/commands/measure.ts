/** `debias measure`: how a given GPT-2 speaks of given keywords. Nothing is crawled, nothing is mitigated. */

import { join, resolve } from 'node:path';
import { loadMeasuring } from '../../config/measuring.js';
import { readEnvironment } from '../../config/environment.js';
import { sha256OfJson } from '../../core/checkpoint/index.js';
import { createLogger } from '../../infra/logger.js';
import { openStore } from '../../infra/open-store.js';
import type { measureWorkflow, MeasureInput } from '../../workflows/measure.js';
import { queuesOf } from '../../workflows/queues.js';
import { hubFetcher } from '../hub-fetcher.js';
import { createLiveView } from '../live-view.js';
import { queuePrefix, runFolder, workflowIdOf } from '../paths.js';
import { prepareMeasurement, type MeasurementFiles } from '../prepare-measurement.js';
import { errorMessage, interruptedExitCode } from '../report-error.js';
import { requireDeviceHere } from '../require-device.js';
import { writeResultFiles } from '../result-files.js';
import { lockDataFolder } from '../run-lock.js';
import { writeRunRecord, type RunRecord } from '../run-record.js';
import { openSession, type Session } from '../session.js';
import { watchRun } from '../watch-run.js';
import { saySkipped } from '../say-skipped.js';
import { embeddedWorker, InterruptedError, interruption, patienceMs } from './run.js';

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
  const words = [
    ...named.flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...(options.skipBadRows ? ['--skip-bad-rows'] : []),
  ];
  return `npx debias measure ${words.map((word) => (/[\s"'$]/.test(word) ? `'${word}'` : word)).join(' ')}`;
}

type Measured = Awaited<ReturnType<typeof measureWorkflow>>;
type View = ReturnType<typeof createLiveView>;

/** Starts the workflow or attaches to it, and waits for its end. */
async function follow(
  session: Session,
  input: MeasureInput,
  view: View,
  ended: readonly Promise<never>[],
): Promise<Measured> {
  const handle = await session.client.workflow.start<typeof measureWorkflow>('measureWorkflow', {
    workflowId: workflowIdOf(input.runId),
    taskQueue: input.queues.pipeline,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [input],
  });
  const finished = Promise.race([handle.result(), ...ended]);
  await watchRun(session.client, handle.workflowId, view, finished);
  return finished;
}

export async function measureModel(options: MeasureOptions): Promise<void> {
  const environment = readEnvironment();
  const config = loadMeasuring(options.set ?? []);
  const unlock = lockDataFolder(environment.home);
  const logger = createLogger({ level: environment.logLevel });
  const view = createLiveView(logger);
  try {
    await requireDeviceHere(environment, config, logger);
    const store = await openStore(environment.store);
    const study = await prepareMeasurement(store, config, options, {
      fetchModel: hubFetcher(environment, logger),
      onSkipped: saySkipped,
    });
    const runId = `${config.name}-${sha256OfJson(study).slice(0, 8)}`;
    const command = commandOf(options);
    const record: RunRecord = {
      runId,
      preset: config.name,
      startedAt: new Date().toISOString(),
      state: 'running',
      command,
    };
    const session = await openSession(environment, (line) => view.say(line));
    const { promise: stopped, off } = interruption();
    try {
      const worker = await embeddedWorker({ environment, view }, config, session);
      let patience = patienceMs.ended;
      writeRunRecord(environment.home, record);
      try {
        const input = { runId, study, command, queues: queuesOf(queuePrefix) };
        const result = await follow(session, input, view, [stopped, worker.failed]);
        const folder = runFolder(environment.home, runId);
        const table = await writeResultFiles(store, folder, result);
        if (options.out !== undefined) await writeResultFiles(store, resolve(options.out), result);
        view.close();
        writeRunRecord(environment.home, { ...record, state: 'completed' });
        const shown = options.out === undefined ? folder : resolve(options.out);
        process.stdout.write(
          `\n${table}\nreport   ${join(shown, 'report.html')}\nresults  ${join(shown, 'results.json')}\n`,
        );
      } catch (error) {
        const paused = error instanceof InterruptedError;
        const problem = paused ? {} : { problem: errorMessage(error) };
        writeRunRecord(environment.home, { ...record, state: paused ? 'paused' : 'failed', ...problem });
        if (!paused) throw error;
        patience = patienceMs.paused;
        process.stderr.write(`\npaused; nothing is lost. Go on with: ${command}\n`);
        process.exitCode = interruptedExitCode;
      } finally {
        await worker.stop(patience);
      }
    } finally {
      off();
      await session.close();
    }
  } finally {
    view.close();
    unlock();
  }
}
