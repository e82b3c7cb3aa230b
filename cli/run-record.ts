/** What the data folder knows of its runs, readable while no server runs. */

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFolder } from './paths.js';

export interface RunRecord {
  readonly runId: string;
  readonly preset: string;
  readonly startedAt: string;
  /** How it was last left. */
  readonly state: 'running' | 'paused' | 'completed' | 'failed' | 'cancelled';
  readonly problem?: string;
  /** The command that goes on with it. */
  readonly command: string;
}

export class UnknownRunError extends Error {
  override readonly name = 'UnknownRunError';
  constructor(runId: string | undefined, known: readonly string[]) {
    super(
      known.length === 0
        ? 'this data folder has no run yet: start one with `debias run`'
        : `no run "${runId}" in this data folder (runs: ${known.join(', ')})`,
    );
  }
}

export function writeRunRecord(home: string, record: RunRecord): void {
  const folder = runFolder(home, record.runId);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run.json'), `${JSON.stringify(record, undefined, 2)}\n`);
}

/** Every run of the data folder, newest first. */
export function listRuns(home: string): RunRecord[] {
  const folder = join(home, 'runs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name, 'run.json'))
    .filter((file) => existsSync(file))
    .map((file): RunRecord => JSON.parse(readFileSync(file, 'utf8')))
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** The named run, or the newest. @throws UnknownRunError */
export function findRun(home: string, runId?: string): RunRecord {
  const runs = listRuns(home);
  const run = runId === undefined ? runs[0] : runs.find((record) => record.runId === runId);
  if (!run)
    throw new UnknownRunError(
      runId,
      runs.map((record) => record.runId),
    );
  return run;
}
