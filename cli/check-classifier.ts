/** Whether a folder holds a classifier whose last class is the good one. */

import { join } from 'node:path';
import { DataFileError } from '../config/errors.js';
import { labelNames } from '../core/nn/index.js';
import { readDataFile } from './read-data-file.js';

/** The last of two classes is taken for the good one; another order or number would turn every score into nonsense. */
export function checkClassifier(folder: string, setting: string): void {
  const file = join(folder, 'config.json');
  const names = labelNames(JSON.parse(readDataFile(file, setting).toString('utf8')));
  if (names.length === 2 && !/neg|bad|부정/i.test(names[1] ?? '')) return;
  const got = names.length === 0 ? 'none' : names.join(', ');
  throw new DataFileError(
    file,
    `id2label: expected two classes, negative and then positive, got ${got}; use a classifier with these`,
  );
}
