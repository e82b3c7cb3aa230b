/** Durable state over a store: blobs, folders, checkpoints, results of stages. */

export * from './blob-folder.js';
export * from './canonical-json.js';
export * from './checkpoint-errors.js';
export { type Checkpoint, type CheckpointLog, type CheckpointOptions, openCheckpoints } from './checkpoints.js';
export { type DamageError, isDamageError } from './damage.js';
export { sha256Hex, sha256OfJson } from './digest.js';
export { allReferences, directReferences } from './references.js';
export { collectGarbage, type Collected, type GarbageOptions, pruneCheckpoints } from './retention.js';
export { ManifestDamagedError, openSealed, seal } from './sealed-json.js';
export * from './stage-notes.js';
export * from './stage-results.js';
export * from './store.js';
