/** Whether a process id still means the process that is meant: ids are given out again. Knows nothing of servers. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './durable-file.js';
import { runProgram } from './run-program.js';

/** Whether the process lives and its command line holds `mark`. A zombie has no command line. */
export async function isProcess(pid: number, mark: string): Promise<boolean> {
  return isAlive(pid) && (await commandLine(pid)).includes(mark);
}

/**
 * When the process began, as text that no other process of this id has, also after the machine started anew; empty where it is gone
 * or the system does not tell.
 */
export function processStart(pid: number): string {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  }
  try {
    // Behind the name in brackets, which may hold anything, stand the fields from the third on; the 22nd is the start.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`;
  } catch {
    return '';
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.replaceAll('\0', ' ');
  }
  return runProgram('ps', ['-o', 'args=', '-p', String(pid)], { timeoutMs: 5_000 }).catch(() => '');
}

/** Asks the process to end, insists after `patienceMs`, and resolves when it is gone. Does nothing if it is not it. */
export async function endProcess(pid: number, mark: string, patienceMs: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGTERM', patienceMs],
    ['SIGKILL', 10_000],
  ] as const) {
    if (!(await isProcess(pid, mark))) return;
    process.kill(pid, signal);
    const until = performance.now() + waitMs;
    while (performance.now() < until && (await isProcess(pid, mark))) await sleep(50);
  }
}
