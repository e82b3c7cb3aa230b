/** Files that survive a crash whole or not at all. Knows nothing of what they hold. */

import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { StorageFullError } from '../core/checkpoint/store.js';

const staleAfterMs = 60 * 60 * 1000;

/**
 * Gives the bytes their name unless it is taken: a link, unlike a rename, never overwrites.
 * @param root folder on the same file system, whose `.tmp` holds the file until it is whole.
 * @throws StorageFullError
 */
export async function createFile(root: string, file: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
  return withTemporary(root, file, bytes, async (temporary) => {
    try {
      await link(temporary, file);
      return 'created';
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return 'exists';
      throw error;
    }
  });
}

/** Gives the bytes their name, replacing what had it. @throws StorageFullError */
export async function replaceFile(root: string, file: string, bytes: Uint8Array): Promise<void> {
  await withTemporary(root, file, bytes, (temporary) => rename(temporary, file));
}

async function withTemporary<T>(
  root: string,
  file: string,
  bytes: Uint8Array,
  giveName: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = path.join(root, '.tmp', randomUUID());
  try {
    await makeFolder(path.dirname(temporary));
    await makeFolder(path.dirname(file));
    await writeFlushed(temporary, bytes);
    const named = await giveName(temporary);
    await flushFolder(path.dirname(file));
    return named;
  } catch (error) {
    if (hasCode(error, 'ENOSPC', 'EDQUOT')) throw new StorageFullError(root, bytes.length, { cause: error });
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

// After a failed fsync the kernel may have dropped the pages, so the file is given up and never flushed again.
async function writeFlushed(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the folder and flushes every parent that got a new entry. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) {
    await flushFolder(path.dirname(made));
    if (made === path.dirname(made)) return;
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes what killed writers left behind, once no writer can still be at it. */
export async function sweepTemporaries(root: string): Promise<void> {
  const folder = path.join(root, '.tmp');
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names) {
    const file = path.join(folder, name);
    const stats = await stat(file).catch(() => undefined);
    if (stats !== undefined && Date.now() - stats.mtimeMs > staleAfterMs) await rm(file, { force: true });
  }
}

/** Whether the error is a system error with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
