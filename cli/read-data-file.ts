/** Reads the files that a setting or an option names, checks them, and puts them into the store. */

import { existsSync, readFileSync } from 'node:fs';
import { DataFileError } from '../config/errors.js';
import type { BlobRef, Store } from '../core/checkpoint/index.js';

/** @param setting `data.targets`, or an option: `--targets` @throws DataFileError */
export function readDataFile(file: string, setting: string): Buffer {
  if (existsSync(file)) return readFileSync(file);
  const another = setting.startsWith('--') ? `${setting} FILE` : `-S ${setting}=FILE`;
  throw new DataFileError(
    file,
    `${setting} names this file, but it is not there; place it, or name another with ${another}`,
  );
}

/** Puts a file after a check that throws when it is malformed. */
export async function putChecked(
  store: Store,
  file: string,
  setting: string,
  check: (text: string, file: string) => unknown,
): Promise<BlobRef> {
  const bytes = readDataFile(file, setting);
  check(bytes.toString('utf8'), file);
  return store.putBlob(bytes);
}
