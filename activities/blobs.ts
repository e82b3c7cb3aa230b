/** JSON and JSON-lines in the store. */

import { canonicalJson } from '../core/checkpoint/canonical-json.js';
import type { BlobRef, Store } from '../core/checkpoint/index.js';

export function putJson(store: Store, value: unknown): Promise<BlobRef> {
  return store.putBlob(Buffer.from(canonicalJson(value)));
}

/** The caller names the type of what was put there by this program. */
export async function getJson<T>(store: Store, ref: BlobRef): Promise<T> {
  return JSON.parse(Buffer.from(await store.getBlob(ref)).toString('utf8'));
}

export function putLines(store: Store, rows: readonly unknown[]): Promise<BlobRef> {
  return store.putBlob(Buffer.from(rows.map((row) => `${canonicalJson(row)}\n`).join('')));
}

export async function getLines<T>(store: Store, ref: BlobRef): Promise<T[]> {
  const text = Buffer.from(await store.getBlob(ref)).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): T => JSON.parse(line));
}

export async function getText(store: Store, ref: BlobRef): Promise<string> {
  return Buffer.from(await store.getBlob(ref)).toString('utf8');
}
