/**
 * A Temporal server with a database file in the data folder: adopted when it still runs, started when it does not.
 * Knows nothing of workflows.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { choosePort } from './free-port.js';
import { endProcess, isProcess } from './process-identity.js';
import { readServerState, type ServerState, writeServerState } from './server-state.js';
import { answers } from './temporal-health.js';

export interface TemporalServerSettings {
  /** Holds `temporal.db`, `server.json` and the server's log. One server a folder. */
  readonly dataFolder: string;
  /** A path, or a name in `PATH`: what `provideTemporal` found. Asked for only when no server runs. */
  readonly program: () => Promise<string>;
  readonly namespace?: string;
  /** A port that has to be this one; else the one used before in this folder, or any. */
  readonly port?: number | undefined;
  readonly uiPort?: number | undefined;
  /** How long a running server may stay silent before it is ended and started anew; 15 s unless given. */
  readonly adoptTimeoutMs?: number;
  readonly onProgress?: (line: string) => void;
}

export interface TemporalServer {
  /** `host:port` for clients and workers. */
  readonly address: string;
  /** Web page of the server. */
  readonly uiAddress: string;
  readonly pid: number;
  /** Whether it was running already. */
  readonly adopted: boolean;
  /** Ends exactly this server. Its database stays, and the next start goes on from it. */
  stop(): Promise<void>;
}

export class TemporalStartError extends Error {
  constructor(
    readonly problem: string,
    readonly logFile: string,
    readonly logTail: string,
  ) {
    super(`Temporal server: ${problem}; its log is ${logFile}${logTail && `, which ends:\n${logTail}`}`);
    this.name = 'TemporalStartError';
  }
}

const startTimeoutMs = 60_000;
const defaultAdoptTimeoutMs = 15_000;
const silentPatienceMs = 2_000;
const stopPatienceMs = 10_000;

/** Resolves when the server answers. @throws PortInUseError @throws TemporalStartError @throws TemporalUnavailableError */
export async function startTemporalServer(settings: TemporalServerSettings): Promise<TemporalServer> {
  const places = placesIn(settings.dataFolder);
  const state = await readServerState(places.state);
  if (state !== undefined && (await adopt(state, places, settings))) return handle(state, places, true);
  return handle(await start(settings, places, state), places, false);
}

/** The server of a data folder that runs already, whoever started it; nobody else's. */
export async function findTemporalServer(dataFolder: string): Promise<TemporalServer | undefined> {
  const places = placesIn(dataFolder);
  const state = await readServerState(places.state);
  return state && (await isProcess(state.pid, places.database)) ? handle(state, places, true) : undefined;
}

interface Places {
  readonly database: string;
  readonly state: string;
  readonly log: string;
}

function placesIn(dataFolder: string): Places {
  const folder = path.resolve(dataFolder);
  return {
    database: path.join(folder, 'temporal.db'),
    state: path.join(folder, 'server.json'),
    log: path.join(folder, 'temporal-server.log'),
  };
}

function handle(state: ServerState, places: Places, adopted: boolean): TemporalServer {
  const { pid, address, uiAddress } = state;
  return { pid, address, uiAddress, adopted, stop: () => endProcess(pid, places.database, stopPatienceMs) };
}

/** Whether the noted server lives and answers. One that lives but stays silent is ended: the database has one user. */
async function adopt(state: ServerState, places: Places, settings: TemporalServerSettings): Promise<boolean> {
  const { namespace, onProgress, adoptTimeoutMs = defaultAdoptTimeoutMs } = settings;
  const until = performance.now() + adoptTimeoutMs;
  while (await isProcess(state.pid, places.database)) {
    // Looked at again, since a process that was just killed may still have answered.
    if (await answers(state.address, namespace)) return isProcess(state.pid, places.database);
    if (performance.now() > until) {
      onProgress?.(`the Temporal server of this folder (process ${state.pid}) does not answer; starting it anew`);
      await endProcess(state.pid, places.database, silentPatienceMs);
    } else await sleep(200);
  }
  return false;
}

/** What passes by itself: a killed server still holds the database, or somebody took a port between choice and use. */
const passing = /database is locked|address already in use/i;

/** Tries again while what is in the way passes by itself. */
async function start(settings: TemporalServerSettings, places: Places, before?: ServerState): Promise<ServerState> {
  for (let triesLeft = 4; ; triesLeft--) {
    try {
      return await startOnce(settings, places, before);
    } catch (error) {
      const passes = error instanceof TemporalStartError && passing.test(error.logTail);
      if (!passes || triesLeft === 1) throw error;
      await sleep(1_000);
    }
  }
}

async function startOnce(settings: TemporalServerSettings, places: Places, before?: ServerState): Promise<ServerState> {
  const { namespace, program } = settings;
  const port = await choosePort('Temporal server', { fixed: settings.port, preferred: portOf(before?.address) });
  const uiPort = await choosePort('Temporal page', { fixed: settings.uiPort, preferred: portOf(before?.uiAddress) });
  const child = await launch(await program(), serverArguments(settings, places, port, uiPort), places.log);
  const state: ServerState = {
    pid: child.pid ?? 0,
    address: `127.0.0.1:${port}`,
    uiAddress: `http://127.0.0.1:${uiPort}`,
    startedAt: new Date().toISOString(),
  };
  if (child.pid !== undefined) await writeServerState(places.state, state);
  await waitUntilReady(child, state, places, namespace);
  return state;
}

function portOf(address: string | undefined): number | undefined {
  const port = Number(address?.split(':').at(-1));
  return Number.isInteger(port) ? port : undefined;
}

function serverArguments(settings: TemporalServerSettings, places: Places, port: number, uiPort: number): string[] {
  const loopback = ['--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)];
  const namespace = settings.namespace === undefined ? [] : ['--namespace', settings.namespace];
  // In WAL mode a reader never waits for a writer, and a commit is one flush instead of two.
  const database = ['--db-filename', places.database, '--sqlite-pragma', 'journal_mode=WAL'];
  return ['server', 'start-dev', ...loopback, ...namespace, ...database, '--log-level', 'warn', '--log-format', 'json'];
}

/** In a process group of its own: Ctrl-C ends the command line first, which then decides about the server. */
async function launch(program: string, args: readonly string[], logFile: string): Promise<ChildProcess> {
  await mkdir(path.dirname(logFile), { recursive: true });
  const log = await open(logFile, 'a');
  try {
    const child = spawn(program, [...args], { detached: true, stdio: ['ignore', log.fd, log.fd] });
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

async function waitUntilReady(
  child: ChildProcess,
  state: ServerState,
  places: Places,
  namespace?: string,
): Promise<void> {
  let ended: string | undefined;
  child.once('error', (error) => (ended = `could not be started: ${error.message}`));
  child.once('exit', (code, signal) => (ended = `ended while starting (${signal ?? `exit code ${code}`})`));
  const until = performance.now() + startTimeoutMs;
  while (!(await answers(state.address, namespace))) {
    ended ??= performance.now() > until ? `did not answer at ${state.address} within ${startTimeoutMs} ms` : undefined;
    if (ended !== undefined) {
      await endProcess(state.pid, places.database, stopPatienceMs);
      throw new TemporalStartError(ended, places.log, await tailOf(places.log));
    }
    await sleep(100);
  }
}

async function tailOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-3).join('\n').slice(-600);
}
