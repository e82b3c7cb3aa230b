/** SHA-256 as lower-case hex: the name of a blob. Knows nothing of where blobs lie. */

import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Digest of a JSON value, whatever the order of its keys. @throws NotCanonicalError */
export function sha256OfJson(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}
