/** What a long job tells of itself while it runs. Knows neither the clock nor who listens. */

export interface Progress {
  /** Units finished, out of `total`. */
  readonly done: number;
  readonly total: number;
  /** What is counted: `steps`, `episodes`, `pages` … */
  readonly unit: string;
  /** Latest figures by their standard names: `loss`, `kl`, `reward` … */
  readonly metrics: Readonly<Record<string, number>>;
}

export type ReportProgress = (progress: Progress) => void;
