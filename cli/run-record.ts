/** What the data folder knows of its runs, readable while no server runs. */

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { runFolder } from './paths.js';

const recordSchema = z.object({
  runId: z.string(),
  preset: z.string(),
  startedAt: z.string(),
  /** How it was last left. */
  state: z.enum(['running', 'paused', 'completed', 'failed', 'cancelled']),
  problem: z.string().optional(),
  /** The command that goes on with it. */
  command: z.string(),
});

export type RunRecord = Readonly<z.infer<typeof recordSchema>>;

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
  const file = join(folder, 'run.json');
  // A file that is torn by a crash would hide what the run is.
  const whole = `${file}.${process.pid}`;
  writeFileSync(whole, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(whole, file);
}

/** One damaged record does not hide the others. */
function readRunRecord(folder: string, runId: string): RunRecord {
  const file = join(folder, runId, 'run.json');
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const problem = error instanceof SyntaxError ? error.message : 'another form';
    return {
      runId,
      preset: '',
      startedAt: statSync(file).mtime.toISOString(),
      state: 'failed',
      problem: `${file}: expected the record of a run, got ${problem}; give the run's command again, which writes it anew`,
      command: 'the command that it was started with',
    };
  }
}

/** Every run of the data folder, newest first. */
export function listRuns(home: string): RunRecord[] {
  const folder = join(home, 'runs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'run.json')))
    .map((name) => readRunRecord(folder, name))
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
