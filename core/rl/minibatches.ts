/** In which order the episodes of a batch are learned from. Knows no numbers of theirs. */

import { permutation } from '../random/counter.js';

export interface MinibatchOrder {
  readonly seed: number;
  readonly batch: number;
  readonly batchSize: number;
  readonly minibatchSize: number;
  readonly ppoEpochs: number;
}

/**
 * Episode indices of every minibatch, epoch after epoch; a fresh order each epoch. Epoch e of batch b has the same order
 * in runs that differ in their number of epochs.
 */
export function minibatchRows({ seed, batch, batchSize, minibatchSize, ppoEpochs }: MinibatchOrder): Int32Array[] {
  return Array.from({ length: ppoEpochs }, (_, epoch) => {
    const order = permutation({ seed, stream: `minibatch/${epoch}`, step: batch }, batchSize);
    return Array.from({ length: batchSize / minibatchSize }, (_, i) =>
      order.slice(i * minibatchSize, (i + 1) * minibatchSize),
    );
  }).flat();
}

/** Largest divisor of `count` that is not above `limit`, so that equal session runs cover all steps. */
export function stepsPerSession(count: number, limit: number): number {
  for (let steps = Math.min(count, Math.max(1, limit)); steps > 1; steps--) if (count % steps === 0) return steps;
  return 1;
}
