/** Resolves the settings of a measurement alone: defaults, then `-S` settings. */

import { ConfigError } from './errors.js';
import { applySetting, mergeTrees } from './override.js';
import { measureConfigSchema, type MeasuringConfig } from './schema.js';

/** @throws ConfigError naming the key */
export function loadMeasuring(settings: readonly string[]): MeasuringConfig {
  const tree = settings.reduce(applySetting, {});
  const parsed = measureConfigSchema.safeParse(mergeTrees({ schema: 'debias.study/1', name: 'measure' }, tree));
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    'debias measure',
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'settings'}: ${message}`),
  );
}
