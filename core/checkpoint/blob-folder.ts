/** Named files (a model's folder, a dataset) as one reference. Knows nothing of what the files mean. */

import type { Json } from './canonical-json.js';
import { isJsonObject, openSealed, seal } from './sealed-json.js';
import type { BlobRef, Store } from './store.js';

/** Names a blob that lists further blobs by file name; walkers of references go through it. */
export interface FolderRef extends BlobRef {
  readonly kind: 'folder';
}

export type Files = Readonly<Record<string, Uint8Array>>;

/** Puts every file, then their list. Same names and bytes give the same reference. @throws StorageFullError */
export async function putFolder(store: Store, files: Files): Promise<FolderRef> {
  const entries: [string, Json][] = [];
  for (const [name, bytes] of Object.entries(files)) entries.push([name, { ...(await store.putBlob(bytes)) }]);
  const ref = await store.putBlob(seal({ files: Object.fromEntries(entries) }));
  return { ...ref, kind: 'folder' };
}

/** @throws BlobMissingError @throws BlobCorruptError @throws ManifestDamagedError */
export async function getFolder(store: Store, ref: FolderRef): Promise<Record<string, Uint8Array>> {
  const files: [string, Uint8Array][] = [];
  for (const [name, file] of Object.entries(await listFolder(store, ref)))
    files.push([name, await store.getBlob(file)]);
  return Object.fromEntries(files);
}

/** The files' references by name; the files themselves are not read. */
export async function listFolder(store: Store, ref: FolderRef): Promise<Record<string, BlobRef>> {
  const body = openSealed(ref.sha256, await store.getBlob(ref));
  const files = isJsonObject(body) ? body['files'] : undefined;
  if (!isJsonObject(files)) return {};
  return Object.fromEntries(Object.entries(files).flatMap(([name, file]) => (isBlobRef(file) ? [[name, file]] : [])));
}

export function isBlobRef(value: Json | undefined): value is Json & BlobRef {
  return isJsonObject(value) && typeof value['sha256'] === 'string' && typeof value['sizeBytes'] === 'number';
}

export function isFolderRef(value: Json | undefined): value is Json & FolderRef {
  return isBlobRef(value) && isJsonObject(value) && value['kind'] === 'folder';
}
