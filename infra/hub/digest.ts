/** Digests by which a hub names files: SHA-256 of large ones, git's blob id of others. Knows no network. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Lower-case hex: 64 digits are SHA-256 of the bytes, 40 are SHA-1 of `blob <length>`, a zero byte, and the bytes. */
export type HubDigest = string;

/** The digest in an ETag header, `"…"` or `W/"…"`; undefined when it holds none. */
export function digestOfETag(header: string | undefined): HubDigest | undefined {
  return /^(?:W\/)?"?([0-9a-f]{64}|[0-9a-f]{40})"?$/.exec(header ?? '')?.[1];
}

/** The file's digest of the kind that `expected` is. */
export async function digestOfFile(file: string, expected: HubDigest): Promise<HubDigest> {
  const isGit = expected.length === 40;
  const hash = createHash(isGit ? 'sha1' : 'sha256');
  if (isGit) hash.update(`blob ${(await stat(file)).size}\0`);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
