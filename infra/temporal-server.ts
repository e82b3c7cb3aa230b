/**
 * A Temporal server with a database file in the data folder: adopted when it still runs, started when it does not.
 * Knows nothing of workflows.
 */

import { spawn } from 'node:child_process';
import { mkdir, open, readFile, statfs } from 'node:fs/promises';
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
    /** What to do about it, where that is known. */
    readonly advice = '',
  ) {
    const tail = logTail === '' ? ', and it said nothing' : `, which ends:\n${logTail}`;
    super(`Temporal server: ${problem}; its log is ${logFile}${tail}${advice && `\n${advice}`}`);
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
  const launched = await launch(await program(), serverArguments(settings, places, port, uiPort), places.log);
  const state: ServerState = {
    pid: launched.pid ?? 0,
    address: `127.0.0.1:${port}`,
    uiAddress: `http://127.0.0.1:${uiPort}`,
    startedAt: new Date().toISOString(),
  };
  if (launched.pid !== undefined) await writeServerState(places.state, state);
  await waitUntilReady(launched, state, places, namespace);
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

interface Launched {
  /** None where it could not be started. */
  readonly pid: number | undefined;
  /** Resolves with the way it ended, however early; never where it goes on. */
  readonly ended: Promise<string>;
  /** Where its own lines begin in the log, which earlier servers of the folder wrote too. */
  readonly logStartBytes: number;
}

/** In a process group of its own: Ctrl-C ends the command line first, which then decides about the server. */
async function launch(program: string, args: readonly string[], logFile: string): Promise<Launched> {
  await mkdir(path.dirname(logFile), { recursive: true });
  const log = await open(logFile, 'a');
  try {
    const logStartBytes = (await log.stat()).size;
    const child = spawn(program, [...args], { detached: true, stdio: ['ignore', log.fd, log.fd] });
    child.unref();
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) => resolve(`ended while starting (${signal ?? `exit code ${code}`})`));
    });
    return { pid: child.pid, ended, logStartBytes };
  } finally {
    await log.close();
  }
}

/** @throws TemporalStartError as soon as it has ended, or when it stays silent for too long */
async function waitUntilReady(
  launched: Launched,
  state: ServerState,
  places: Places,
  namespace?: string,
): Promise<void> {
  const until = performance.now() + startTimeoutMs;
  for (;;) {
    const found = await Promise.race([launched.ended, answers(state.address, namespace)]);
    if (found === true) return;
    const late = `did not answer at ${state.address} within ${startTimeoutMs} ms`;
    const problem = found === false ? performance.now() > until && late : found;
    if (problem !== false) {
      await endProcess(state.pid, places.database, stopPatienceMs);
      throw await startError(problem, places, await readLog(places.log, launched.logStartBytes));
    }
    await Promise.race([launched.ended, sleep(100)]);
  }
}

/** What SQLite says of a file that it did not write, or that lost a part. */
const damaged = /file is not a database|disk image|malformed database/i;

/** With less the server cannot write its database, nor say so in its log. */
const leastRoomBytes = 2 ** 20;

async function startError(problem: string, places: Places, lines: readonly string[]): Promise<TemporalStartError> {
  // Among the lines of a server that waits for its database, the one that tells why may be far from the end.
  const telling = lines.filter((line) => damaged.test(line));
  const logTail = (telling.length > 0 ? telling : lines).slice(-3).join('\n').slice(-600);
  const advice = telling.length > 0 ? damageAdvice(places.database) : await roomAdvice(path.dirname(places.database));
  return new TemporalStartError(problem, places.log, logTail, advice);
}

function damageAdvice(database: string): string {
  return (
    `Its database ${database} is damaged: move ${database}* to another folder and start again. ` +
    'Finished stages are in the store and are not computed again.'
  );
}

async function roomAdvice(folder: string): Promise<string> {
  const { bavail, bsize } = await statfs(folder);
  const leftBytes = bavail * bsize;
  if (leftBytes >= leastRoomBytes) return '';
  return `Only ${leftBytes} bytes are left on the disk of ${folder}: free some space there, or set DEBIAS_HOME to another folder.`;
}

/** The lines after the first `startBytes`. */
async function readLog(file: string, startBytes: number): Promise<string[]> {
  const bytes = await readFile(file).catch(() => Buffer.of());
  return bytes.subarray(startBytes).toString('utf8').trim().split('\n');
}
