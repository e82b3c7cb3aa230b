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

/** Malformed rows of every file of the user's own are left out. */
function withoutBadRows({ data, crawl, ...config }: StudyConfig): StudyConfig {
  const { source } = crawl;
  return {
    ...config,
    data: { ...data, skipBadRows: true },
    crawl: source.kind === 'files' ? { ...crawl, source: { ...source, skipBadRows: true } } : crawl,
  };
}

/** @throws ConfigError */
export function configOf({ preset, config, set = [], skipBadRows }: StudyOptions): StudyConfig {
  const loaded = loadConfig({ ...(preset ? { preset } : {}), ...(config ? { file: config } : {}), settings: set });
  return skipBadRows ? withoutBadRows(loaded) : loaded;
}
