/** Fetches one file from a hub: goes on where it broke off, and keeps the file only when its digest is right. */

import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { retryAfterMs } from '../http/retry-after.js';
import { problemOf, type HubAnswer, type HubClient } from './client.js';
import { digestOfETag, digestOfFile, type HubDigest } from './digest.js';
import { HubDigestError, HubUnreachableError } from './errors.js';

export interface Download {
  /** The model, for messages. */
  readonly source: string;
  /** Path on the hub. */
  readonly path: string;
  /** Where the file goes; until it is whole and right it is `<file>.partial`. */
  readonly file: string;
  /** What the hub's list says of it, used where the answer itself gives no digest. */
  readonly digest?: HubDigest;
  /** Tries in a row that bring not a single byte. */
  readonly patience: number;
  readonly retryDelayMs: number;
  onBytes(done: number, total: number | undefined): void;
}

const maxWaitMs = 60_000;

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

function totalOf({ status, headers }: HubAnswer, have: number): number | undefined {
  if (status === 206) {
    const total = /^bytes \d+-\d+\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
    return total === undefined ? undefined : Number(total);
  }
  const length = Number(headers['content-length'] ?? NaN);
  return Number.isSafeInteger(length) ? have + length : undefined;
}

/** Where the answer's bytes begin: at what was asked for, or at 0 when the server sends everything again. */
function startOf({ status, headers }: HubAnswer): number | undefined {
  if (status === 200) return 0;
  const start = /^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1];
  return status === 206 && start !== undefined ? Number(start) : undefined;
}

async function* counted(body: Readable, from: number, total: number | undefined, onBytes: Download['onBytes']) {
  let done = from;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    done += bytes.length;
    if (total !== undefined && done > total) throw new Error(`expected ${total} bytes, got more`);
    onBytes(done, total);
    yield bytes;
  }
  if (total !== undefined && done < total) throw new Error(`the connection closed after ${done} of ${total} bytes`);
}

interface Attempt {
  /** Why it is not there yet; undefined once it is whole. */
  readonly problem?: string;
  readonly digest?: HubDigest;
  readonly waitMs?: number;
}

/** One request, from where the last one broke off. */
async function attempt(client: HubClient, { source, path, file, onBytes }: Download): Promise<Attempt> {
  const partial = `${file}.partial`;
  const have = await sizeOf(partial);
  const answer = await client.get(source, path, have > 0 ? { range: `bytes=${have}-` } : {});
  const found = digestOfETag(answer.hubHeaders['x-linked-etag']) ?? digestOfETag(answer.hubHeaders['etag']);
  const digest = found === undefined ? {} : { digest: found };
  if (answer.status === 416 && answer.headers['content-range'] === `bytes */${have}`) {
    await answer.body.dump();
    return digest;
  }
  const start = startOf(answer);
  if (start === undefined || start > have) {
    await answer.body.dump();
    // Nothing beyond what is there, or a range of another place: from the beginning then.
    if (answer.status === 416 || answer.status === 206) await rm(partial, { force: true });
    const waitMs = retryAfterMs(answer.headers['retry-after'], Date.now());
    return { problem: `status ${answer.status}`, ...(waitMs === undefined ? {} : { waitMs }) };
  }
  try {
    const total = totalOf(answer, start);
    const target = createWriteStream(partial, start === 0 ? { flags: 'w' } : { flags: 'r+', start });
    await pipeline(counted(answer.body, start, total, onBytes), target);
    return digest;
  } catch (error) {
    return { problem: problemOf(error), ...digest };
  }
}

async function keepWhenRight({ file, source }: Download, expected: HubDigest | undefined): Promise<void> {
  const partial = `${file}.partial`;
  const name = `${source}: ${basename(file)}`;
  if (expected === undefined) throw new HubDigestError(name, 'a digest in the answer', 'none');
  const got = await digestOfFile(partial, expected);
  if (got !== expected) {
    await rm(partial, { force: true });
    throw new HubDigestError(name, `digest ${expected}`, got);
  }
  await rename(partial, file);
}

/**
 * Fetches the file, and gives the digest that it was checked by.
 * @throws HubUnreachableError after `patience` tries in a row without a byte @throws HubAccessError
 * @throws HubDigestError when the file is not what the hub says; it is then gone
 */
export async function download(client: HubClient, wanted: Download): Promise<HubDigest> {
  const { source, file, patience, retryDelayMs } = wanted;
  let digest = wanted.digest;
  for (let failures = 0; ;) {
    const before = await sizeOf(`${file}.partial`);
    const tried = await attempt(client, wanted).catch((error: unknown): Attempt => {
      if (error instanceof HubUnreachableError && failures + 1 < patience) return { problem: error.problem };
      throw error;
    });
    digest = tried.digest ?? digest;
    if (tried.problem === undefined) break;
    failures = (await sizeOf(`${file}.partial`)) > before ? 0 : failures + 1;
    if (failures >= patience) throw new HubUnreachableError(source, client.endpoint, tried.problem);
    await wait(Math.min(maxWaitMs, tried.waitMs ?? retryDelayMs * 2 ** failures));
  }
  await keepWhenRight(wanted, digest);
  return digest ?? '';
}
