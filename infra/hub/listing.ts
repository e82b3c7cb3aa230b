/** Asks a hub which files a model has, and again where it is busy or the connection breaks. Fetches none of them. */

import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { retryAfterMs } from '../http/retry-after.js';
import { problemOf, type HubClient } from './client.js';
import type { HubDigest } from './digest.js';
import { HubAccessError, HubUnreachableError } from './errors.js';
import type { HubSource } from './source.js';

export interface Listing {
  readonly commit: string;
  /** Digest of each file where the hub gives one. */
  readonly files: ReadonlyMap<string, HubDigest | undefined>;
}

export interface Patience {
  /** Tries in all. */
  readonly patience: number;
  /** First wait, doubled each time. */
  readonly retryDelayMs: number;
}

interface Attempt {
  readonly listing?: Listing;
  readonly problem?: string;
  readonly waitMs?: number | undefined;
}

const maxWaitMs = 60_000;

const listingSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      blobId: z.string().optional(),
      lfs: z.object({ sha256: z.string() }).nullish(),
    }),
  ),
});

function parseListing(text: string): Listing | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { success, data } = listingSchema.safeParse(json);
  if (!success) return undefined;
  const files = data.siblings.map((file) => [file.rfilename, file.lfs?.sha256 ?? file.blobId] as const);
  return { commit: data.sha, files: new Map(files) };
}

async function attempt(client: HubClient, { text, repository, revision }: HubSource): Promise<Attempt> {
  const path = `api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
  try {
    const { status, headers, body } = await client.get(text, path);
    const answer = await body.text();
    if (status !== 200)
      return { problem: `status ${status}`, waitMs: retryAfterMs(headers['retry-after'], Date.now()) };
    const listing = parseListing(answer);
    return listing ? { listing } : { problem: 'an answer that is no list of files' };
  } catch (error) {
    if (error instanceof HubUnreachableError) return { problem: error.problem };
    if (error instanceof HubAccessError) throw error;
    return { problem: problemOf(error) };
  }
}

/** @throws HubUnreachableError after `patience` tries @throws HubAccessError */
export async function readListing(
  client: HubClient,
  source: HubSource,
  { patience, retryDelayMs }: Patience,
): Promise<Listing> {
  for (let tries = 1; ; tries++) {
    const { listing, problem = '', waitMs } = await attempt(client, source);
    if (listing) return listing;
    if (tries >= patience) throw new HubUnreachableError(source.text, client.endpoint, problem);
    await wait(Math.min(maxWaitMs, waitMs ?? retryDelayMs * 2 ** (tries - 1)));
  }
}
