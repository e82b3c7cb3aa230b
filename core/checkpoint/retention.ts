/** Removes what no longer serves: old checkpoints, those of finished stages, blobs that nothing names. */

import type { Json } from './canonical-json.js';
import { parseManifest } from './checkpoint-manifest.js';
import { type FolderRef, isFolderRef, listFolder } from './blob-folder.js';
import { isDamageError } from './damage.js';
import { directReferences } from './references.js';
import { ManifestDamagedError, openSealed } from './sealed-json.js';
import type { BlobRef, Store } from './store.js';

/** Keys of a stage's checkpoints, oldest step first. */
export function listCheckpoints(store: Store, stageKey: string): Promise<string[]> {
  return store.listManifests(`stages/${stageKey}/checkpoints/`);
}

/** Removes the manifest first, so that none is left that names missing blobs; then the chunks only it named. */
export async function deleteCheckpoint(store: Store, stageKey: string, key: string): Promise<void> {
  const chunks = await chunksOf(store, key);
  await store.deleteManifest(key);
  const kept = new Set<string>();
  for (const other of await listCheckpoints(store, stageKey)) {
    for (const chunk of await chunksOf(store, other)) kept.add(chunk.sha256);
  }
  for (const chunk of chunks) if (!kept.has(chunk.sha256)) await store.deleteBlob(chunk);
}

/** Removes all checkpoints of a stage: for when its result is committed. @returns how many there were. */
export async function pruneCheckpoints(store: Store, stageKey: string): Promise<number> {
  const keys = await listCheckpoints(store, stageKey);
  for (const key of keys) await deleteCheckpoint(store, stageKey, key);
  return keys.length;
}

async function chunksOf(store: Store, key: string): Promise<readonly BlobRef[]> {
  const bytes = await store.readManifest(key);
  if (bytes === undefined) return [];
  try {
    return parseManifest(key, bytes).content.packed.chunks;
  } catch (error) {
    if (error instanceof ManifestDamagedError) return [];
    throw error;
  }
}

export interface Collected {
  readonly checkpoints: number;
  readonly blobs: number;
  readonly sizeBytes: number;
}

export interface GarbageOptions {
  /** Values whose blobs stay although no manifest names them. */
  readonly keep?: readonly Json[];
  /** Younger blobs stay: their manifest may be about to be written. At least the longest activity. */
  readonly graceMs: number;
}

/**
 * Prunes checkpoints of finished stages, then removes blobs that no manifest names and that are older than the grace.
 * What is gone already is passed over.
 */
export async function collectGarbage(store: Store, { keep = [], graceMs }: GarbageOptions): Promise<Collected> {
  const checkpoints = await pruneFinished(store);
  // Blobs are listed before the manifests: one put and named in between is then young or named, never neither.
  const blobs = await store.listBlobs();
  const named = await namedBlobs(store, keep);
  const garbage = blobs.filter((blob) => !named.has(blob.sha256) && blob.ageMs > graceMs);
  for (const blob of garbage) await store.deleteBlob(blob);
  return { checkpoints, blobs: garbage.length, sizeBytes: garbage.reduce((sum, blob) => sum + blob.sizeBytes, 0) };
}

async function pruneFinished(store: Store): Promise<number> {
  let pruned = 0;
  for (const key of await store.listManifests('stages/')) {
    const stageKey = /^stages\/([^/]+)\/result\.json$/.exec(key)?.[1];
    if (stageKey !== undefined) pruned += await pruneCheckpoints(store, stageKey);
  }
  return pruned;
}

async function namedBlobs(store: Store, keep: readonly Json[]): Promise<Set<string>> {
  const named = new Set<string>();
  const values = [...keep];
  for (const key of await store.listManifests('')) values.push(await bodyOf(store, key));
  for (const value of values) {
    for (const ref of await referencesOf(store, value)) named.add(ref.sha256);
  }
  return named;
}

/** A manifest that was not sealed (one of a run, say) is read as plain JSON; a damaged one names nothing. */
async function bodyOf(store: Store, key: string): Promise<Json> {
  const bytes = (await store.readManifest(key)) ?? new Uint8Array();
  try {
    return openSealed(key, bytes);
  } catch (error) {
    if (!(error instanceof ManifestDamagedError)) throw error;
    return plainJson(bytes);
  }
}

function plainJson(bytes: Uint8Array): Json {
  try {
    const value: Json = JSON.parse(new TextDecoder().decode(bytes));
    return value;
  } catch {
    return null;
  }
}

/** Of a folder whose list is gone only the list's own digest is known, which is all that there is to keep. */
async function referencesOf(store: Store, value: Json): Promise<readonly BlobRef[]> {
  const found: BlobRef[] = [];
  for (const ref of directReferences(value)) {
    found.push(ref);
    if (isFolderRef(ref)) found.push(...(await filesOf(store, ref)));
  }
  return found;
}

async function filesOf(store: Store, folder: FolderRef): Promise<readonly BlobRef[]> {
  try {
    return Object.values(await listFolder(store, folder));
  } catch (error) {
    if (isDamageError(error)) return [];
    throw error;
  }
}
