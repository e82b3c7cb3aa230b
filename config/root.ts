/** Where the installed program's own files are: presets, data lists, fixtures. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `package.json`, found upwards from this file (which runs from the sources or from `dist/`). */
function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error(
        `package.json: expected it above ${fileURLToPath(import.meta.url)}, found none; reinstall debias`,
      );
    folder = parent;
  }
  return folder;
}

export const programRoot = findRoot();

/** A file of the program itself, by its path from the root. */
export function programFile(...parts: string[]): string {
  return join(programRoot, ...parts);
}
