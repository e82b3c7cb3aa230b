/** Resolves the settings of a measurement alone: defaults, then `-S` settings. */

import { ConfigError } from './errors.js';
import { applySetting, mergeTrees } from './override.js';
import { nearest } from './nearest.js';
import { placeInSettings, problemsOf } from './problem-places.js';
import { measureConfigSchema, type MeasuringConfig } from './schema.js';

/** @throws ConfigError naming the key */
export function loadMeasuring(settings: readonly string[]): MeasuringConfig {
  const tree = settings.reduce(applySetting, {});
  const parsed = measureConfigSchema.safeParse(mergeTrees({ schema: 'debias.study/1', name: 'measure' }, tree));
  if (parsed.success) return withOneSeed(parsed.data);
  throw new ConfigError(
    'debias measure',
    parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0
        ? issue.keys.map(unknownSection)
        : problemsOf({ issues: [issue] }, [placeInSettings(settings)]),
    ),
  );
}

function withOneSeed(config: MeasuringConfig): MeasuringConfig {
  if (config.seed.length === 1) return config;
  throw new ConfigError('debias measure', [
    `seed: expected one, as a measurement is no sweep, got ${config.seed.join(', ')}; start one for each`,
  ]);
}

/** A section of a whole study, perhaps, that a measurement does not read. */
function unknownSection(key: string): string {
  const known = Object.keys(measureConfigSchema.shape);
  const hint = nearest(key, known);
  return `"${key}" is no part of a measurement${hint ? `; did you mean "${hint}"?` : ` (what is: ${known.join(', ')})`}`;
}
