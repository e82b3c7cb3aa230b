/** Tells the server once a second that an activity lives and how far it is, so that a dead worker is noticed within seconds. */

import type { Context } from '@temporalio/activity';
import type { Progress, ReportProgress } from '../core/progress.js';

/** Heartbeat details: what `status` and the live view show. */
export interface ActivityProgress extends Partial<Progress> {
  readonly stage: string;
  /** Units a second over the last half minute; absent until it is known. */
  readonly ratePerSecond?: number;
}

const intervalMs = 1_000;
const rateWindowMs = 30_000;

interface Sample {
  readonly atMs: number;
  readonly done: number;
}

/** Units a second from the oldest sample within the window to the newest. */
function rateOf(samples: readonly Sample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.atMs <= first.atMs || last.done <= first.done) return undefined;
  return ((last.done - first.done) * 1000) / (last.atMs - first.atMs);
}

/** Beats until stopped. */
export function startHeartbeat(context: Context, stage: string): { progress: ReportProgress; stop(): void } {
  let latest: ActivityProgress = { stage };
  let samples: Sample[] = [];
  const beat = () => context.heartbeat(latest);
  const timer = setInterval(beat, intervalMs);
  beat();
  return {
    progress(progress) {
      const atMs = performance.now();
      // Work that started over (a resumed job reports where it goes on) starts a new measurement.
      if (progress.done < (samples.at(-1)?.done ?? 0)) samples = [];
      samples = [...samples.filter((sample) => atMs - sample.atMs < rateWindowMs), { atMs, done: progress.done }];
      const ratePerSecond = rateOf(samples);
      latest = { stage, ...progress, ...(ratePerSecond === undefined ? {} : { ratePerSecond }) };
    },
    stop: () => clearInterval(timer),
  };
}
