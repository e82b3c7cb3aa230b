/** A MinIO server of our own on the loopback interface, on one folder. Knows nothing of what is stored in it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';

export interface MinioServerSettings {
  /** Path or name of the program: what `findMinio` found. */
  readonly program: string;
  readonly folder: string;
  readonly accessKey: string;
  /** At least 8 characters. */
  readonly secretKey: string;
  /** A free one unless given. */
  readonly port?: number;
}

export interface MinioServer {
  /** `host:port`. */
  readonly endpoint: string;
  readonly pid: number;
  /** Ends exactly this process and resolves when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

class MinioStartError extends Error {
  constructor(
    readonly problem: string,
    readonly output: string,
  ) {
    super(`MinIO server: ${problem}${output && `; its output ends: ${output}`}`);
    this.name = 'MinioStartError';
  }
}

const startTimeoutMs = 60_000;
const quiet = ['MINIO_BROWSER=off', 'MINIO_UPDATE=off'];

/** Resolves when the server is ready. @throws MinioStartError */
export async function startMinioServer(settings: MinioServerSettings): Promise<MinioServer> {
  await mkdir(settings.folder, { recursive: true });
  const endpoint = `127.0.0.1:${settings.port ?? (await freePort())}`;
  const console = `127.0.0.1:${await freePort()}`;
  const variables = [`MINIO_ROOT_USER=${settings.accessKey}`, `MINIO_ROOT_PASSWORD=${settings.secretKey}`, ...quiet];
  const command = [settings.program, 'server', '--address', endpoint, '--console-address', console, settings.folder];
  // `env` replaces itself by the server, so the child's process id is the server's.
  const child = spawn('env', [...variables, ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await waitUntilReady(child, endpoint);
  return { endpoint, pid: child.pid ?? 0, stop: (signal = 'SIGTERM') => stop(child, signal) };
}

async function waitUntilReady(child: ChildProcess, endpoint: string): Promise<void> {
  let [output, ended] = ['', ''];
  const keep = (text: Buffer): string => (output = (output + text.toString()).slice(-1000));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.once('error', (error) => (ended = `could not be started: ${error.message}`));
  child.once('exit', (code, signal) => (ended = `ended while starting (${signal ?? `exit code ${code}`})`));
  const until = performance.now() + startTimeoutMs;
  while (!(await isReady(endpoint))) {
    if (ended === '' && performance.now() > until) ended = `was not ready within ${startTimeoutMs} ms`;
    if (ended !== '') {
      child.kill('SIGKILL');
      throw new MinioStartError(ended, output.trim());
    }
    await sleep(100);
  }
}

async function isReady(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`http://${endpoint}/minio/health/ready`, { signal: AbortSignal.timeout(2_000) });
    return response.ok;
  } catch {
    return false;
  }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const insist = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(insist);
}
