/** Which blobs a JSON value names, directly or through folders. */

import type { Json } from './canonical-json.js';
import { isBlobRef, isFolderRef, listFolder } from './blob-folder.js';
import { isJsonObject } from './sealed-json.js';
import type { BlobRef, Store } from './store.js';

/** Every `{ sha256, sizeBytes }` inside the value, each digest once; folders are named, not opened. */
export function directReferences(value: Json): (Json & BlobRef)[] {
  return [...new Map(walk(value).map((ref) => [ref.sha256, ref])).values()];
}

function walk(value: Json): (Json & BlobRef)[] {
  if (isBlobRef(value)) return [value];
  if (Array.isArray(value)) return value.flatMap(walk);
  if (isJsonObject(value)) return Object.values(value).flatMap(walk);
  return [];
}

/** As `directReferences`, with the contents of folders. @throws BlobMissingError @throws BlobCorruptError */
export async function allReferences(store: Store, value: Json): Promise<BlobRef[]> {
  const found = new Map<string, BlobRef>();
  for (const ref of walk(value)) {
    found.set(ref.sha256, ref);
    if (!isFolderRef(ref)) continue;
    for (const file of Object.values(await listFolder(store, ref))) found.set(file.sha256, file);
  }
  return [...found.values()];
}
