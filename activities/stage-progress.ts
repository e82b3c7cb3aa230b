/** How one stage of a run stands: what workflows answer and reports list. */

export type StageStatus = 'waiting' | 'running' | 'done' | 'failed';

export interface StageProgress {
  readonly name: string;
  readonly status: StageStatus;
  /** Label of the sweep point that it is part of. */
  readonly point?: string;
  /** Whether the result was there already; set when done. */
  readonly reused?: boolean;
  /** Work time of the activity; set when done. */
  readonly seconds?: number;
  /** Digest of the stage's name, version, settings and inputs; set when done. */
  readonly key?: string;
  /** Digest of what the stage made; set when done. */
  readonly digest?: string;
  /** Why it failed; set when failed. */
  readonly problem?: string;
}
