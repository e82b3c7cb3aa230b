/**
 * Notes on how a stage's result came about, such as times: they lie beside the result and are no part of it, so that
 * equal results stay equal. A lost or damaged note is no loss of the result.
 */

import type { Json } from './canonical-json.js';
import { ManifestDamagedError, openSealed, seal } from './sealed-json.js';
import type { Store } from './store.js';

/** Takes the place of an earlier note of that name. @param name of `a-z`, digits and hyphens @throws InvalidKeyError */
export async function putStageNote(store: Store, stageKey: string, name: string, note: unknown): Promise<void> {
  const bytes = seal(note);
  while ((await store.createManifest(noteKey(stageKey, name), bytes)) === 'exists')
    await store.deleteManifest(noteKey(stageKey, name));
}

/** Undefined where there is none that can be read. */
export async function readStageNote(store: Store, stageKey: string, name: string): Promise<Json | undefined> {
  const bytes = await store.readManifest(noteKey(stageKey, name));
  if (bytes === undefined) return undefined;
  try {
    return openSealed(noteKey(stageKey, name), bytes);
  } catch (error) {
    if (error instanceof ManifestDamagedError) return undefined;
    throw error;
  }
}

function noteKey(stageKey: string, name: string): string {
  return `stages/${stageKey}/notes/${name}.json`;
}
