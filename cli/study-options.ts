/** The options by which every command names a study. */

import type { StudyConfig } from '../config/schema.js';
import { loadConfig } from '../config/load.js';

export interface StudyOptions {
  readonly preset?: string | undefined;
  readonly config?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly skipBadRows?: boolean | undefined;
}

/** Gathers a repeated option into a list. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/** @throws ConfigError */
export function configOf({ preset, config, set = [], skipBadRows }: StudyOptions): StudyConfig {
  const settings = skipBadRows ? [...set, 'crawl.source.skipBadRows=true'] : set;
  return loadConfig({ ...(preset ? { preset } : {}), ...(config ? { file: config } : {}), settings });
}
