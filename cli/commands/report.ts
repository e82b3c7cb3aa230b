/** `debias report`: prints a finished run's table and where its files are. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '../../config/environment.js';
import { runFolder } from '../paths.js';
import { findRun } from '../run-record.js';

export class ReportMissingError extends Error {
  override readonly name = 'ReportMissingError';
  constructor(
    readonly runId: string,
    command: string,
  ) {
    super(`run ${runId} has no report yet; go on with it: ${command}`);
  }
}

export function showReport(runId: string | undefined, options: { readonly json?: boolean | undefined }): void {
  const { home } = readEnvironment();
  const run = findRun(home, runId);
  const folder = runFolder(home, run.runId);
  if (!existsSync(join(folder, 'report.html'))) throw new ReportMissingError(run.runId, run.command);
  if (options.json) process.stdout.write(readFileSync(join(folder, 'results.json')));
  else
    process.stdout.write(
      `${readFileSync(join(folder, 'summary.txt'), 'utf8')}\nreport   ${join(folder, 'report.html')}\nresults  ${join(folder, 'results.json')}\n`,
    );
}
