/** Attempts at a stage, numbered by create-once manifests: the newest number wins, whatever any clock says. */

import { seal } from './sealed-json.js';
import type { Store } from './store.js';

const digits = 8;

/** Takes the next free number; of attempts that ask at once each gets its own. */
export async function claimEpoch(store: Store, stageKey: string): Promise<number> {
  for (let epoch = (await newestEpoch(store, stageKey)) + 1; ; epoch++) {
    if ((await store.createManifest(epochKey(stageKey, epoch), seal({ epoch }))) === 'created') return epoch;
  }
}

/** 0 when the stage was never attempted. */
export async function newestEpoch(store: Store, stageKey: string): Promise<number> {
  const keys = await store.listManifests(`stages/${stageKey}/epochs/`);
  const newest = keys.at(-1);
  return newest === undefined ? 0 : Number.parseInt(newest.slice(-digits - '.json'.length), 10);
}

function epochKey(stageKey: string, epoch: number): string {
  return `stages/${stageKey}/epochs/${String(epoch).padStart(digits, '0')}.json`;
}
