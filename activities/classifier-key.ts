/** What of a classifier's settings bears on what it becomes: a BERT to start from brings layers, width and heads of its own. */

import type { StudyConfig } from '../config/schema.js';
import type { FolderRef } from '../core/checkpoint/index.js';

type Settings = StudyConfig['sentiment'];

/** The settings as they stand in the key of a stage. */
export function settingsInKey(settings: Settings, start: FolderRef | undefined): object {
  if (!start) return settings;
  const { layers: _layers, width: _width, heads: _heads, ...rest } = settings;
  return rest;
}
