/** The shapes that are timed: three GPT-2s and BERTs with random weights. Knows no work. */

import type { Precision } from '../../core/backends/index.js';
import { bertConfigOf, type BertConfig, type Gpt2Config } from '../../core/nn/index.js';

export interface WorkShape {
  readonly numLayers: number; // L
  readonly width: number; // C
  readonly numHeads: number; // H
  readonly vocabSize: number; // V
  readonly batchSize: number; // B
  readonly tokens: number; // T
  /** Optimizer steps in one session run; progress and cancelling wait for these. */
  readonly stepsPerRun: number; // K
  /** Parts that a training batch is read in. Default 1. */
  readonly accumulationSteps?: number;
  /** Training computes each block a second time for its gradients. Default false. */
  readonly recompute?: boolean;
  /** Of training. Default float32. */
  readonly precision?: Precision;
}

export const shapeNames = ['tiny', 'small', 'base'] as const;
export type ShapeName = (typeof shapeNames)[number];

export const shapes: { readonly [N in ShapeName]: WorkShape } = {
  tiny: { numLayers: 4, width: 128, numHeads: 4, vocabSize: 4096, batchSize: 32, tokens: 32, stepsPerRun: 16 },
  small: { numLayers: 4, width: 256, numHeads: 4, vocabSize: 8192, batchSize: 32, tokens: 64, stepsPerRun: 8 },
  base: { numLayers: 12, width: 768, numHeads: 12, vocabSize: 51200, batchSize: 4, tokens: 64, stepsPerRun: 4 },
};

export function gpt2Of({ numLayers, width, numHeads, vocabSize }: WorkShape): Gpt2Config {
  return {
    vocabSize,
    numPositions: 256,
    width,
    numLayers,
    numHeads,
    innerWidth: 4 * width,
    activation: 'gelu_new',
    layerNormEpsilon: 1e-5,
    initializerRange: 0.02,
    embeddingDropout: 0,
    attentionDropout: 0,
    residualDropout: 0,
    bosTokenId: 1,
    eosTokenId: 1,
    padTokenId: 3,
  };
}

export function bertOf({ numLayers, width, numHeads, vocabSize }: WorkShape): BertConfig {
  return bertConfigOf({ vocabSize, numPositions: 512, width, numLayers, numHeads, padTokenId: 0 });
}

/** Multiplications and additions, 2 each, of one token's way through the blocks, attending to `seen` tokens. */
export function blockFlops({ numLayers, width }: WorkShape, seen: number): number {
  return numLayers * (2 * 12 * width ** 2 + 2 * 2 * seen * width);
}

/** The same of the head's scores over the vocabulary. */
export function headFlops({ width, vocabSize }: WorkShape): number {
  return 2 * width * vocabSize;
}

/** What of the last block a token needs that only keys and values are wanted of is 4 C²; this is the rest. */
export function lastBlockFlops({ width }: WorkShape, seen: number): number {
  return 2 * 10 * width ** 2 + 2 * 2 * seen * width;
}
