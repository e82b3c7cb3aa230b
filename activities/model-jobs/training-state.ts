/** A training state as tensors and JSON, and back: nothing of it may be lost, or the resumed run would differ. */

import type { TrainingState } from '../../core/train/training-types.js';
import type { SplitState, TensorGroups } from './training-checkpoints.js';

interface PlainState extends Omit<TrainingState, 'params' | 'm' | 'v' | 'best'> {
  readonly best?: { readonly step: number; readonly loss: number };
}

function group(groups: TensorGroups, name: string) {
  const found = groups[name];
  if (!found)
    throw new Error(`checkpoint: expected a group of tensors named ${name}, got ${Object.keys(groups).join(', ')}`);
  return found;
}

export const trainingStateCodec = {
  encode({ params, m, v, best, ...plain }: TrainingState): SplitState {
    if (!best) return { groups: { params, m, v }, plain };
    const { params: bestParams, ...bestPlain } = best;
    return { groups: { params, m, v, best: bestParams }, plain: { ...plain, best: bestPlain } };
  },

  decode(state: SplitState | undefined): TrainingState | undefined {
    if (!state) return undefined;
    // What `encode` wrote for a stage of the same name and version.
    const { best, ...plain } = state.plain as PlainState;
    const tensors = { params: group(state.groups, 'params'), m: group(state.groups, 'm'), v: group(state.groups, 'v') };
    return { ...plain, ...tensors, ...(best ? { best: { ...best, params: group(state.groups, 'best') } } : {}) };
  },
};
