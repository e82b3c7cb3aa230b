/** What is timed, and how it is set up. Knows no clock. */

import type { SessionOptions } from '../../core/backends/index.js';
import type { Parameters, ParameterSpecs } from '../../core/nn/parameters.js';
import { normals, uniforms } from '../../core/random/counter.js';
import { hostTensor, sizeOf } from '../../core/tensor.js';
import type { WorkShape } from './shapes.js';

/** One unit of work, repeated by `run`: the one that a rate and a share of the peak are given for. */
export interface Work {
  /** Does the work `times` times and calls `lap` after each run of the runtime with the number of units it did. */
  repeat(times: number, lap: (units: number) => void): Promise<void>;
  readonly unit: string;
  /** Things (`unit`) that one unit of work makes. */
  readonly count: number;
  /** Of the matrix products that the work cannot do without; 2 a multiplication and addition. */
  readonly flops: number;
  release(): Promise<void>;
}

export type MakeWork = (shape: WorkShape, runtime: SessionOptions) => Promise<Work>;

/** Random tokens, never one of the first four, which are special. */
export function randomTokens(vocabSize: number, rows: number, tokens: number): number[][] {
  const draws = uniforms({ seed: 0, stream: 'bench/tokens', step: 0 }, rows * tokens);
  const ids = Array.from(draws, (draw) => 4 + Math.floor(draw * (vocabSize - 4)));
  return Array.from({ length: rows }, (_, row) => ids.slice(row * tokens, (row + 1) * tokens));
}

/** Random weights as a fresh model has them, but from few draws repeated: a hundred million take half a minute. */
export function randomWeights(specs: ParameterSpecs): Parameters {
  const draws = normals({ seed: 0, stream: 'bench/weights', step: 0 }, 10007);
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, initial }]) => {
      const [scale, shift] = initial.kind === 'normal' ? [initial.deviation, 0] : [0, initial.kind === 'ones' ? 1 : 0];
      const data = new Float32Array(sizeOf(shape));
      for (let i = 0; i < data.length; i++) data[i] = scale * draws[i % draws.length]! + shift;
      return [name, hostTensor('float32', shape, data)];
    }),
  );
}
