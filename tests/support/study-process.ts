/** The command line as a user's process: started, watched through its log, killed, started again. */

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const main = join(import.meta.dirname, '../../dist/cli/main.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningStudy {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

type Environment = Readonly<Record<string, string>>;

/** Runs a command of the program in a data folder of its own. */
export function startCommand(home: string, args: readonly string[], environment: Environment = {}): RunningStudy {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, DEBIAS_HOME: home, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text.stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text.stderr += part));
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, ...text })),
  );
  return { child, ended };
}

export function startStudy(home: string, environment: Environment = {}): RunningStudy {
  return startCommand(home, ['run', '--preset', 'smoke', '--run', 'tested'], environment);
}

/** Resolves once the command has said `text`. @throws where it ends without */
export async function says(running: RunningStudy, stream: 'stdout' | 'stderr', text: string): Promise<void> {
  const said = new Promise<void>((resolve) => {
    running.child[stream]?.on('data', (part: string) => {
      if (part.includes(text)) resolve();
    });
  });
  const ended = running.ended.then(({ code, stderr }) => {
    throw new Error(`it ended with ${code} instead of saying "${text}": ${stderr}`);
  });
  await Promise.race([said, ended]);
}

interface LogLine {
  readonly msg?: string;
  readonly stage?: string;
  readonly key?: string;
  readonly [field: string]: unknown;
}

/** The worker's log so far. */
export function readLog(home: string): LogLine[] {
  const file = join(home, 'logs', 'worker.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line): LogLine[] => (line.endsWith('}') ? [JSON.parse(line)] : []));
}

/** What a stage has in the store, by its key. */
export type StageFiles = (key: string) => Promise<{ checkpoints: number; finished: boolean }>;

/** As it lies in the embedded folder of a study. */
function inFolder(home: string): StageFiles {
  return async (key) => {
    const place = join(home, 'store', 'stages', key);
    const checkpoints = join(place, 'checkpoints');
    return {
      checkpoints: existsSync(checkpoints) ? readdirSync(checkpoints).length : 0,
      finished: existsSync(join(place, 'result.json')),
    };
  };
}

const patienceMs = 240_000;

/** Resolves once a stage that is running has committed a checkpoint of its own. */
export async function checkpointOf(home: string, stage: string, filesOf: StageFiles = inFolder(home)): Promise<void> {
  for (const endsAtMs = Date.now() + patienceMs; Date.now() < endsAtMs; await sleep(50)) {
    const keys = readLog(home)
      .filter((line) => line.msg === 'stage runs' && line.stage === stage)
      .map((line) => String(line.key));
    for (const key of new Set(keys)) {
      const { checkpoints, finished } = await filesOf(key);
      if (checkpoints > 0 && !finished) return;
    }
  }
  throw new Error(`waited ${patienceMs} ms for a checkpoint of ${stage}`);
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): ProcessEntry[] => {
      try {
        const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
        return [
          { pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') },
        ];
      } catch {
        return [];
      }
    });
}

/** The processes of a study, found from the command line downwards. */
export function processesOf({ child }: RunningStudy): { worker: number[]; jobs: number[] } {
  const all = processes();
  const below = (pids: readonly number[], command: string) =>
    all.filter((entry) => pids.includes(entry.parent) && entry.command.includes(command)).map(({ pid }) => pid);
  const worker = below([child.pid ?? 0], 'workers/main.js');
  return { worker, jobs: below(worker, 'model-process-main.js') };
}

export function isAlive(pid: number): boolean {
  return processes().some((entry) => entry.pid === pid && entry.command !== '');
}

/** SIGKILL to every one of them. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

export function serverOf(home: string): number {
  return JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')).pid;
}

/** Digest of what each stage made. */
export function digestsOf(home: string): Record<string, string> {
  const results = JSON.parse(readFileSync(join(home, 'runs', 'tested', 'results.json'), 'utf8')) as {
    stages: { name: string; digest: string }[];
  };
  return Object.fromEntries(results.stages.map(({ name, digest }) => [name, digest]));
}
