/** Results of finished stages, kept under a digest of all that went into them. Knows nothing of what a stage does. */

import type { Json } from './canonical-json.js';
import { isDamageError } from './damage.js';
import { sha256OfJson } from './digest.js';
import { allReferences } from './references.js';
import { openSealed, seal } from './sealed-json.js';
import { BlobMissingError, type BlobRef, type Store } from './store.js';

export interface StageIdentity {
  readonly name: string;
  /** Raised by hand when the stage's code changes what it produces. */
  readonly version: number;
  /** The part of the configuration that the stage reads. */
  readonly config: Json;
  /** Digests or results of the stages before it. */
  readonly inputs: Json;
}

/** 64 hex digits: equal for equal identities, whatever the order of keys. @throws NotCanonicalError */
export function stageKey({ name, version, config, inputs }: StageIdentity): string {
  return sha256OfJson({ name, version, config, inputs });
}

export type StageLookup<Result extends Json = Json> =
  | { readonly status: 'hit'; readonly result: Result }
  /** Why the stage has to run: `not run yet`, a missing or damaged blob, a damaged manifest. */
  | { readonly status: 'miss'; readonly reason: string };

/** `digest` reads every blob and compares; `exists` asks only for presence and size. */
export type Verification = 'digest' | 'exists';

const maxResultBytes = 64 * 1024;

/** A result is a hit only when every blob that it names, folders opened, is there and (by default) undamaged. */
export async function readStageResult(
  store: Store,
  key: string,
  { verify = 'digest' }: { readonly verify?: Verification } = {},
): Promise<StageLookup> {
  const bytes = await store.readManifest(resultKey(key));
  if (bytes === undefined) return { status: 'miss', reason: 'not run yet' };
  try {
    const result = openSealed(resultKey(key), bytes);
    for (const ref of await allReferences(store, result)) await verifyBlob(store, ref, verify);
    return { status: 'hit', result };
  } catch (error) {
    if (isDamageError(error)) return { status: 'miss', reason: error.message };
    throw error;
  }
}

/**
 * Creates the result once. Of two attempts the first committed result stands and both get it back; a result that is
 * damaged or names blobs that are gone gives way to the new one.
 * @returns the result that stands: go on with it rather than with your own.
 * @throws StageResultTooLargeError @throws BlobMissingError when the result names blobs that were never put.
 */
export async function commitStageResult(store: Store, key: string, result: Json): Promise<Json> {
  const bytes = seal(result);
  if (bytes.length > maxResultBytes) throw new StageResultTooLargeError(key, bytes.length);
  for (const ref of await allReferences(store, result)) await verifyBlob(store, ref, 'exists');
  for (;;) {
    if ((await store.createManifest(resultKey(key), bytes)) === 'created') return result;
    const standing = await readStageResult(store, key);
    if (standing.status === 'hit') return standing.result;
    await store.deleteManifest(resultKey(key));
  }
}

async function verifyBlob(store: Store, ref: BlobRef, verify: Verification): Promise<void> {
  if (verify === 'digest') await store.getBlob(ref);
  else if (!(await store.hasBlob(ref))) throw new BlobMissingError(ref, store.describe());
}

function resultKey(key: string): string {
  return `stages/${key}/result.json`;
}

export class StageResultTooLargeError extends Error {
  constructor(
    readonly key: string,
    readonly sizeBytes: number,
  ) {
    super(
      `commitStageResult: expected at most ${maxResultBytes} bytes for ${resultKey(key)}, got ${sizeBytes}; ` +
        'put the data as a blob and name it in the result',
    );
    this.name = 'StageResultTooLargeError';
  }
}
