/** Times of PPO's batches: gathered along the run, carried on by its checkpoints, kept beside its result and never in it. */

import { z } from 'zod';
import { putStageNote, readStageNote, type Store } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import type { PpoBatchSeconds } from '../../core/report/index.js';
import type { BatchSeconds, PpoTiming } from '../../core/rl/phase-seconds.js';
import type { SplitState } from './training-checkpoints.js';

const noteName = 'seconds';

interface WithSeconds {
  readonly seconds?: readonly BatchSeconds[];
}

export interface SecondsLog {
  /** Absent where there is no clock. */
  readonly timing?: PpoTiming;
  /** A state with the times so far. */
  carriedBy(state: SplitState): SplitState;
  /** Puts them where reports find them. */
  keep(stageKey: string): Promise<void>;
}

/** @param resumed the state that the run goes on from, whose times stay. */
export function openSecondsLog({ clock, store }: JobContext, resumed: SplitState | undefined): SecondsLog {
  // What `carriedBy` wrote for a stage of the same name and version.
  const { seconds: before = [] } = (resumed?.plain ?? {}) as WithSeconds;
  const seconds = [...before];
  return {
    ...(clock ? { timing: { clock, record: (batch) => void seconds.push(batch) } } : {}),
    carriedBy: ({ groups, plain }) => ({ groups, plain: { ...plain, seconds } }),
    keep: (stageKey) => putStageNote(store, stageKey, noteName, seconds),
  };
}

const noteSchema = z.array(
  z.object({
    batch: z.number(),
    episodes: z.number(),
    phases: z.record(z.string(), z.number()),
    total: z.number(),
  }),
);

/** Batch by batch; empty where nothing was timed. */
export async function readSeconds(store: Store, stageKey: string): Promise<readonly PpoBatchSeconds[]> {
  const { data = [] } = noteSchema.safeParse(await readStageNote(store, stageKey, noteName));
  return data;
}
