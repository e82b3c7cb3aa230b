/** The Temporal server that the settings lead to: somebody else's, the one of this data folder, or a new one. */

import { provideTemporal } from './temporal-binary.js';
import { answers } from './temporal-health.js';
import { startTemporalServer } from './temporal-server.js';

export interface OpenTemporalSettings {
  /** `host:port` of a server that somebody else runs; then nothing is started or fetched. */
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
  readonly dataFolder: string;
  readonly cacheFolder: string;
  /** Path of a `temporal` program. */
  readonly binary?: string | undefined;
  readonly port?: number | undefined;
  readonly uiPort?: number | undefined;
  /** Told what goes on when it takes long. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface OpenTemporal {
  readonly address: string;
  /** Web page of the server; of somebody else's server it is not known. */
  readonly uiAddress?: string;
  readonly kind: 'external' | 'adopted' | 'started';
  /** Ends a server of this data folder; somebody else's goes on. */
  stop(): Promise<void>;
}

export class TemporalUnreachableError extends Error {
  constructor(
    readonly address: string,
    readonly namespace: string,
  ) {
    super(
      `Temporal server: nothing with namespace ${namespace} answers at ${address}; check TEMPORAL_ADDRESS and ` +
        'TEMPORAL_NAMESPACE, or unset them to have a server started here',
    );
    this.name = 'TemporalUnreachableError';
  }
}

/** @throws TemporalUnreachableError @throws TemporalUnavailableError @throws TemporalStartError @throws PortInUseError */
export async function openTemporal(settings: OpenTemporalSettings): Promise<OpenTemporal> {
  const { address, namespace = 'default', dataFolder, cacheFolder, binary, port, uiPort, signal } = settings;
  const onProgress = settings.onProgress ?? (() => {});
  if (address !== undefined) {
    if (!(await answers(address, namespace))) throw new TemporalUnreachableError(address, namespace);
    return { address, kind: 'external', stop: async () => {} };
  }
  const program = async () => (await provideTemporal({ cacheFolder, binary, onProgress, signal })).program;
  const server = await startTemporalServer({ dataFolder, program, namespace, port, uiPort, onProgress });
  return { ...server, kind: server.adopted ? 'adopted' : 'started' };
}
