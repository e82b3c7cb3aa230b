/** Tells damaged or missing data, which a recomputation repairs, from every other failure. */

import { ManifestDamagedError } from './sealed-json.js';
import { BlobCorruptError, BlobMissingError } from './store.js';

export type DamageError = BlobMissingError | BlobCorruptError | ManifestDamagedError;

export function isDamageError(error: unknown): error is DamageError {
  return (
    error instanceof BlobMissingError || error instanceof BlobCorruptError || error instanceof ManifestDamagedError
  );
}
