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
  readonly signal?: AbortSignal | undefined;
}

const keptCharacters = 1000;

/**
 * @param program a path, or a name that is looked up in `PATH`.
 * @returns what it wrote on standard output. @throws ProgramFailedError with the end of its output.
 */
export function runProgram(program: string, args: readonly string[], options: RunProgramOptions): Promise<string> {
  const { signal, timeoutMs } = options;
  const child = spawn(program, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  // Not spawn's own `timeout`, whose timer stays behind when the program cannot be started.
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  let [output, tail] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-keptCharacters)));
  const command = [program, ...args].join(' ');
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new ProgramFailedError(command, explain(error), ''));
    });
    child.once('close', (code, killedBy) => {
      clearTimeout(timer);
      if (code === 0) return resolve(output);
      const problem = killedBy === null ? `exit code ${code}` : `ended by ${killedBy} (allowed: ${timeoutMs} ms)`;
      reject(new ProgramFailedError(command, problem, (tail || output.slice(-keptCharacters)).trim()));
    });
  });
}

function explain(error: Error): string {
  return 'code' in error && error.code === 'ENOENT' ? 'no such program' : error.message;
}
