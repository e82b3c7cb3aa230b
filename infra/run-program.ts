/** Runs a program to its end and keeps what it wrote. Knows nothing of what it does. */

import { spawn } from 'node:child_process';

export class ProgramFailedError extends Error {
  constructor(
    readonly command: string,
    readonly problem: string,
    readonly output: string,
  ) {
    super(`${command}: ${problem}${output === '' ? '' : `: ${output}`}`);
    this.name = 'ProgramFailedError';
  }
}

export interface RunProgramOptions {
  readonly timeoutMs: number;
  /** Added to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const keptBytes = 2000;

/** @returns what it wrote on standard output. @throws ProgramFailedError with the end of its output. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: RunProgramOptions,
): Promise<string> {
  const command = [program, ...args].join(' ');
  const { environment, signal, timeoutMs } = options;
  const child = spawn(program, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    ...(environment === undefined ? {} : { env: { ...inherited(), ...environment } }),
    ...(signal === undefined ? {} : { signal }),
  });
  let [output, tail] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-keptBytes)));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new ProgramFailedError(command, error.message, '')));
    child.once('close', (code, killedBy) => {
      if (code === 0) return resolve(output);
      const how = killedBy === null ? `exit code ${code}` : `ended by ${killedBy}, allowed were ${timeoutMs} ms`;
      reject(new ProgramFailedError(command, how, (tail || output.slice(-keptBytes)).trim()));
    });
  });
}
