/** `debias report`: prints a finished run's table and where its files are. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment, type Environment } from '../../config/environment.js';
import { resultsJsonSchema } from '../../core/report/index.js';
import { openStore } from '../../infra/open-store.js';
import type { researchPipelineWorkflow } from '../../workflows/research-pipeline.js';
import { runFolder, workflowIdOf } from '../paths.js';
import { writeResultFiles } from '../result-files.js';
import { findRun, writeRunRecord, type RunRecord } from '../run-record.js';
import { attach } from '../session.js';

export class ReportMissingError extends Error {
  override readonly name = 'ReportMissingError';
  constructor(
    readonly runId: string,
    command: string,
  ) {
    super(`run ${runId} has no report yet; go on with it: ${command}`);
  }
}

/** A run that was started with --detach left its files in the store: fetches them once the server knows that it is done. */
async function fetchFiles(environment: Environment, run: RunRecord, folder: string): Promise<void> {
  const attached = await attach(environment);
  if (!attached) return;
  const handle = attached.client.workflow.getHandle<typeof researchPipelineWorkflow>(workflowIdOf(run.runId));
  const { status } = await handle.describe();
  if (status.name === 'COMPLETED') {
    await writeResultFiles(await openStore(environment.store), folder, await handle.result());
    writeRunRecord(environment.home, { ...run, state: 'completed' });
  }
  await attached.close();
}

/** The folder of a finished run's files, fetched where they are not there yet. @throws ReportMissingError */
export async function finishedRunFolder(environment: Environment, run: RunRecord): Promise<string> {
  const folder = runFolder(environment.home, run.runId);
  if (!existsSync(join(folder, 'report.html'))) await fetchFiles(environment, run, folder);
  if (!existsSync(join(folder, 'report.html'))) throw new ReportMissingError(run.runId, run.command);
  return folder;
}

export interface ReportOptions {
  readonly json?: boolean | undefined;
  readonly schema?: boolean | undefined;
}

export async function showReport(runId: string | undefined, options: ReportOptions): Promise<void> {
  if (options.schema) {
    process.stdout.write(`${JSON.stringify(resultsJsonSchema(), undefined, 2)}\n`);
    return;
  }
  const environment = readEnvironment();
  const run = findRun(environment.home, runId);
  const folder = await finishedRunFolder(environment, run);
  if (options.json) process.stdout.write(readFileSync(join(folder, 'results.json')));
  else {
    const table = readFileSync(join(folder, 'summary.txt'), 'utf8');
    process.stdout.write(
      `${table}\nreport   ${join(folder, 'report.html')}\nresults  ${join(folder, 'results.json')}\n`,
    );
  }
}
