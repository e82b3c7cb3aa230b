/** The one reader of the process environment: where data is kept and which servers are used. */

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError } from './errors.js';

/** Where checkpoints and results are kept. */
export type StoreSettings =
  | { readonly kind: 'embedded'; readonly folder: string }
  | {
      readonly kind: 'minio';
      readonly endpoint: string;
      readonly accessKey: string;
      readonly secretKey: string;
      readonly bucket: string;
      readonly prefix?: string;
    };

/** Where models come from that are named `hf://…`, and the way there. */
export interface HubEnvironment {
  readonly endpoint: string;
  readonly token?: string;
  readonly proxy: { readonly http?: string; readonly https?: string; readonly exceptions?: string };
}

/** What this machine provides; none of it changes a result. */
export interface Environment {
  /** Data folder of the embedded server, store and reports. */
  readonly home: string;
  /** Folder for fetched programs. */
  readonly cacheFolder: string;
  /** Address of a Temporal server that somebody else runs. */
  readonly temporalAddress?: string;
  readonly temporalNamespace: string;
  /** Path of a `temporal` binary. */
  readonly temporalBinary?: string;
  /** Ports that the embedded server must have; any free ones when absent. */
  readonly temporalPort?: number;
  readonly temporalUiPort?: number;
  readonly store: StoreSettings;
  readonly hub: HubEnvironment;
  readonly logLevel: string;
  /** All that job processes get of the environment: what drivers of GPUs are found by, and how memory is asked for. */
  readonly jobVariables: Readonly<Record<string, string>>;
}

type Variables = Readonly<Record<string, string | undefined>>;

function storeFrom(env: Variables, home: string): StoreSettings {
  const endpoint = env.MINIO_ENDPOINT;
  if (!endpoint) return { kind: 'embedded', folder: join(home, 'store') };
  const missing = ['MINIO_ACCESS_KEY', 'MINIO_SECRET_KEY'].filter((name) => !env[name]);
  if (missing.length > 0) {
    throw new ConfigError('environment', [`MINIO_ENDPOINT is set, so ${missing.join(' and ')} must be set too`]);
  }
  return {
    kind: 'minio',
    endpoint,
    accessKey: env.MINIO_ACCESS_KEY ?? '',
    secretKey: env.MINIO_SECRET_KEY ?? '',
    bucket: env.MINIO_BUCKET || 'debias',
    ...(env.MINIO_PREFIX ? { prefix: env.MINIO_PREFIX } : {}),
  };
}

function portFrom(env: Variables, name: string): number | undefined {
  const text = env[name];
  if (!text) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new ConfigError(`environment: ${name}`, [`expected a port from 1 to 65535, got "${text}"`]);
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

function logLevelFrom({ DEBIAS_LOG: level }: Variables): string {
  if (!level) return 'info';
  if (logLevels.includes(level)) return level;
  throw new ConfigError('environment: DEBIAS_LOG', [`expected one of ${logLevels.join(', ')}, got "${level}"`]);
}

/** An address that begins with http: or https:. */
function addressFrom(env: Variables, ...names: readonly string[]): string | undefined {
  const name = names.find((candidate) => env[candidate]);
  const text = name === undefined ? undefined : env[name];
  if (name === undefined || text === undefined) return undefined;
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text;
  throw new ConfigError(`environment: ${name}`, ['expected an address that begins with http:// or https://']);
}

/** Proxies as other programs read them: the lower-case spelling counts before the upper-case one. */
function hubFrom(env: Variables): HubEnvironment {
  const http = addressFrom(env, 'http_proxy', 'HTTP_PROXY');
  const https = addressFrom(env, 'https_proxy', 'HTTPS_PROXY');
  const exceptions = env.no_proxy || env.NO_PROXY;
  return {
    endpoint: addressFrom(env, 'HF_ENDPOINT') ?? 'https://huggingface.co',
    ...(env.HF_TOKEN ? { token: env.HF_TOKEN } : {}),
    proxy: { ...(http ? { http } : {}), ...(https ? { https } : {}), ...(exceptions ? { exceptions } : {}) },
  };
}

/** Names by which loaders, Vulkan and CUDA are told where drivers lie and which GPU to use, and glibc how to hand out memory. */
const jobVariables =
  /^(LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|SystemRoot|PATH|VK_[A-Z_]+|MESA_[A-Z_]+|CUDA_[A-Z_]+|NVIDIA_[A-Z_]+|XDG_RUNTIME_DIR|GLIBC_TUNABLES)$/;

/**
 * How glibc's malloc gets the runtime's tensors: in huge pages where the kernel leaves that to the program, and kept for the
 * next op rather than unmapped and faulted in anew. Other C libraries do not read it. Tensors above 32 MiB, the largest
 * threshold that glibc takes, are mapped one by one all the same.
 */
export const memoryTunables = [
  'glibc.malloc.hugetlb=1',
  `glibc.malloc.mmap_threshold=${32 * 2 ** 20}`,
  `glibc.malloc.trim_threshold=${4 * 2 ** 30}`,
].join(':');

function jobVariablesFrom(env: Variables): Record<string, string> {
  const found = Object.entries(env).flatMap(([name, value]) =>
    value && jobVariables.test(name) ? [[name, value] as const] : [],
  );
  return { GLIBC_TUNABLES: memoryTunables, ...Object.fromEntries(found) };
}

/**
 * Reads DEBIAS_HOME, XDG_CACHE_HOME, TEMPORAL_*, MINIO_*, HF_ENDPOINT, HF_TOKEN, the proxies' variables, those of GPU drivers,
 * GLIBC_TUNABLES and DEBIAS_LOG.
 * @throws ConfigError naming the variable.
 */
export function readEnvironment(env: Variables = process.env, workingFolder: string = process.cwd()): Environment {
  const temporalPort = portFrom(env, 'TEMPORAL_PORT');
  const temporalUiPort = portFrom(env, 'TEMPORAL_UI_PORT');
  const home = resolve(workingFolder, env.DEBIAS_HOME || '.debias');
  return {
    home,
    cacheFolder: join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'debias'),
    ...(env.TEMPORAL_ADDRESS ? { temporalAddress: env.TEMPORAL_ADDRESS } : {}),
    ...(env.TEMPORAL_BINARY ? { temporalBinary: env.TEMPORAL_BINARY } : {}),
    ...(temporalPort === undefined ? {} : { temporalPort }),
    ...(temporalUiPort === undefined ? {} : { temporalUiPort }),
    temporalNamespace: env.TEMPORAL_NAMESPACE || 'default',
    store: storeFrom(env, home),
    hub: hubFrom(env),
    logLevel: logLevelFrom(env),
    jobVariables: jobVariablesFrom(env),
  };
}

/** Whether errors are to be shown with the place in the code; never fails, as it is asked when something already did. */
export function isVerbose(env: Variables = process.env): boolean {
  return env.DEBIAS_LOG === 'debug' || env.DEBIAS_LOG === 'trace';
}
