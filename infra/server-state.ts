/** The note that a server's starter leaves in the data folder for the next one. Knows nothing of the server itself. */

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const schema = z.object({
  pid: z.number().int().positive(),
  address: z.string(),
  uiAddress: z.string(),
  startedAt: z.string(),
});

export type ServerState = Readonly<z.infer<typeof schema>>;

/** @returns undefined when there is no note, or one that cannot be read. */
export async function readServerState(file: string): Promise<ServerState | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

export async function writeServerState(file: string, state: ServerState): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify(state, undefined, 2)}\n`);
  await rename(temporary, file);
}
