/** Fetches models named `hf://…` as the environment says, and tells of it in the log. */

import type { Environment } from '../config/environment.js';
import { fetchHubModel } from '../infra/hub.js';
import type { createLogger } from '../infra/logger.js';

export function hubFetcher(
  { hub, cacheFolder }: Environment,
  logger: ReturnType<typeof createLogger>,
): (source: string) => Promise<string> {
  return (source) => fetchHubModel(source, { ...hub, cacheFolder, onProgress: (line) => logger.info(line) });
}
