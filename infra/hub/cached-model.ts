/** The list of a cached model's files, written once they are all there and right. Knows no network. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../durable-file.js';
import { digestOfFile, type HubDigest } from './digest.js';

const listName = '.hub.json';
const listSchema = z.object({ files: z.record(z.string(), z.string()) });
const refsSchema = z.record(z.string(), z.string());

/** Digest of each file, by its name. */
export type CachedFiles = Readonly<Record<string, HubDigest>>;

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Absent or damaged: as if it had never been written.
    return undefined;
  }
}

/** Whether every file of a whole model is there and has its digest. */
export async function isWhole(folder: string): Promise<boolean> {
  const list = await readJson(join(folder, listName), listSchema);
  if (!list) return false;
  for (const [name, digest] of Object.entries(list.files)) {
    const got = await digestOfFile(join(folder, name), digest).catch(() => undefined);
    if (got !== digest) return false;
  }
  return true;
}

export async function markWhole(root: string, folder: string, files: CachedFiles): Promise<void> {
  await replaceFile(root, join(folder, listName), Buffer.from(`${JSON.stringify({ files }, undefined, 2)}\n`));
}

/** The commit that a revision was at when it was last fetched. */
export async function rememberedCommit(folder: string, revision: string): Promise<string | undefined> {
  return (await readJson(join(folder, 'revisions.json'), refsSchema))?.[revision];
}

export async function rememberCommit(root: string, folder: string, revision: string, commit: string): Promise<void> {
  const known = (await readJson(join(folder, 'revisions.json'), refsSchema)) ?? {};
  const bytes = Buffer.from(`${JSON.stringify({ ...known, [revision]: commit }, undefined, 2)}\n`);
  await replaceFile(root, join(folder, 'revisions.json'), bytes);
}
