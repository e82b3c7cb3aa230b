/** The checkpoint protocol over a store: epochs, commits, the newest that verifies. Knows nothing of training. */

import type { HostTensor } from '../tensor.js';
import { DeterminismViolationError, FencedError, FingerprintMismatchError } from './checkpoint-errors.js';
import { type CheckpointManifest, checkpointKey, parseManifest } from './checkpoint-manifest.js';
import { claimEpoch, newestEpoch } from './epochs.js';
import type { Json } from './canonical-json.js';
import { isDamageError } from './damage.js';
import { sha256OfJson } from './digest.js';
import { deleteCheckpoint, listCheckpoints } from './retention.js';
import { ManifestDamagedError, seal } from './sealed-json.js';
import type { Store } from './store.js';
import { packTensors, unpackTensors } from './tensor-chunks.js';

export interface Checkpoint {
  /** Steps finished; a checkpoint of step 0 is the state before the first. */
  readonly step: number;
  readonly tensors: Readonly<Record<string, HostTensor>>;
  /** Everything else that the next step depends on: cursors, counters, controllers, metrics so far. */
  readonly state: Json;
}

export interface CheckpointLog {
  /** Number of this attempt at the stage, from 1; a later attempt has a greater one. */
  readonly epoch: number;
  /**
   * The newest checkpoint whose manifest and blobs all verify, or undefined when there is none.
   * @throws FingerprintMismatchError
   */
  newest(): Promise<Checkpoint | undefined>;
  /**
   * Blobs first, then the manifest, once. Committing a step again with the same content is a success.
   * @throws FencedError @throws DeterminismViolationError @throws StorageFullError
   */
  commit(checkpoint: Checkpoint): Promise<void>;
}

export interface CheckpointOptions {
  /** What the bits depend on beside the inputs: library versions, thread count, CPU features. */
  readonly fingerprint: string;
  /** Resume from a checkpoint of another fingerprint; the run is then no longer bit-comparable. */
  readonly allowDrift?: boolean;
  /** Checkpoints kept while the stage is unfinished; at least 1, 2 unless given. */
  readonly keepLast?: number;
  /** Hears of every checkpoint that was skipped because it is damaged. */
  readonly onDamaged?: (damage: { readonly key: string; readonly problem: Error }) => void;
}

/** Claims the next epoch of the stage; from then on every older attempt is fenced. */
export async function openCheckpoints(
  store: Store,
  stageKey: string,
  options: CheckpointOptions,
): Promise<CheckpointLog> {
  const attempt = { store, stageKey, options, epoch: await claimEpoch(store, stageKey) };
  return { epoch: attempt.epoch, newest: () => newest(attempt), commit: (checkpoint) => commit(attempt, checkpoint) };
}

interface Attempt {
  readonly store: Store;
  readonly stageKey: string;
  readonly options: CheckpointOptions;
  readonly epoch: number;
}

async function newest(attempt: Attempt): Promise<Checkpoint | undefined> {
  for (const key of (await listCheckpoints(attempt.store, attempt.stageKey)).toReversed()) {
    try {
      return await load(attempt, key);
    } catch (problem) {
      if (!isDamageError(problem)) throw problem;
      attempt.options.onDamaged?.({ key, problem });
    }
  }
  return undefined;
}

async function load({ store, options }: Attempt, key: string): Promise<Checkpoint> {
  const manifest = parseManifest(key, (await store.readManifest(key)) ?? new Uint8Array());
  if (manifest.content.fingerprint !== options.fingerprint && options.allowDrift !== true) {
    throw new FingerprintMismatchError(key, manifest.content.fingerprint, options.fingerprint);
  }
  const { step, state, packed } = manifest.content;
  return { step, state, tensors: await unpackTensors(store, packed) };
}

async function commit(attempt: Attempt, checkpoint: Checkpoint): Promise<void> {
  await refuseIfFenced(attempt);
  const { store, stageKey, epoch, options } = attempt;
  const packed = await packTensors(store, stageKey, checkpoint.tensors);
  const content = { step: checkpoint.step, state: checkpoint.state, packed, fingerprint: options.fingerprint };
  await refuseIfFenced(attempt);
  await createOnce(attempt, { epoch, content });
  const keys = await listCheckpoints(store, stageKey);
  for (const key of keys.slice(0, Math.max(0, keys.length - (options.keepLast ?? 2)))) {
    await deleteCheckpoint(store, stageKey, key);
  }
}

async function refuseIfFenced({ store, stageKey, epoch }: Attempt): Promise<void> {
  const newestKnown = await newestEpoch(store, stageKey);
  if (newestKnown > epoch) throw new FencedError(stageKey, epoch, newestKnown);
}

async function createOnce(attempt: Attempt, manifest: CheckpointManifest): Promise<void> {
  const key = checkpointKey(attempt.stageKey, manifest.content.step);
  const bytes = seal(manifest);
  while ((await attempt.store.createManifest(key, bytes)) === 'exists') {
    if (await standsAsWell(attempt, key, manifest)) return;
    await attempt.store.deleteManifest(key);
  }
}

/** Whether the manifest at `key` says the same. False when it must give way. @throws DeterminismViolationError */
async function standsAsWell({ store, options }: Attempt, key: string, manifest: CheckpointManifest): Promise<boolean> {
  const bytes = await store.readManifest(key);
  if (bytes === undefined) return false;
  const committed = readable(key, bytes);
  if (committed === undefined) return false;
  const digests = [sha256OfJson(committed.content), sha256OfJson(manifest.content)] as const;
  if (digests[0] === digests[1]) return true;
  if (options.allowDrift === true && committed.content.fingerprint !== options.fingerprint) return false;
  throw new DeterminismViolationError(key, ...digests);
}

function readable(key: string, bytes: Uint8Array): CheckpointManifest | undefined {
  try {
    return parseManifest(key, bytes);
  } catch (error) {
    if (error instanceof ManifestDamagedError) return undefined;
    throw error;
  }
}
