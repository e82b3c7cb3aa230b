/** What a worker process is told when it starts: plain data, sent over the process channel because it holds keys. */

import type { StoreSettings } from '../config/environment.js';

export interface WorkerSettings {
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly queuePrefix: string;
  readonly store: StoreSettings;
  readonly slots: WorkerSlots;
  readonly stallSeconds: number;
  /** The whole environment of job processes. */
  readonly jobVariables: Readonly<Record<string, string>>;
  readonly logLevel: string;
  /** JSON lines go here; to standard error when absent. */
  readonly logFile?: string;
}

/** How much of each kind of work a worker takes at once; 0 takes none. */
export interface WorkerSlots {
  readonly net: number;
  readonly cpu: number;
  readonly model: number;
}
