/** The messages between a worker and its model process. Plain data; knows neither side. */

import type { LogLevel } from '../core/job-context.js';
import type { Progress } from '../core/progress.js';
import type { StoreSettings } from './open-store.js';

/** Sent once, right after the fork. */
export interface StartMessage {
  readonly type: 'start';
  readonly job: string;
  readonly input: unknown;
  readonly store: StoreSettings;
}

/** An error as data: its class name is what retry policies look at. */
export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** The error's own fields, as far as they are plain data. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;
}

export type ChildMessage =
  | { readonly type: 'progress'; readonly progress: Progress }
  | {
      readonly type: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'result'; readonly output: unknown }
  | { readonly type: 'error'; readonly error: ErrorDescription };
