/** Dropout of the value head, from counters: masks are drawn on the host and fed, one set for each optimiser step. */

import { mul } from '../ir/index.js';
import type { Graph, Value } from '../ir/index.js';
import type { Dropout } from '../nn/index.js';
import { uniforms } from '../random/counter.js';
import { hostTensor, sizeOf } from '../tensor.js';
import type { HostTensor, Shape } from '../tensor.js';

/** 0 where dropped, 1/(1 − rate) where kept: before the linear layer [M, T, C] and after tanh [M, T]. */
export interface ValueKeep<V = Value<'float32'>> {
  readonly keepIn: V;
  readonly keepOut: V;
}

export interface ValueKeepShape {
  readonly minibatchSize: number; // M
  readonly responseTokens: number; // T
  readonly width: number; // C
}

/** Declares the masks of several minibatches, behind `leading` axes. */
export function valueKeepInputs(graph: Graph, leading: Shape, shape: ValueKeepShape): ValueKeep {
  const perToken = [...leading, shape.minibatchSize, shape.responseTokens];
  return {
    keepIn: graph.input('keepIn', 'float32', [...perToken, shape.width]),
    keepOut: graph.input('keepOut', 'float32', perToken),
  };
}

/** Masks of optimiser steps `first … first + steps − 1`, stacked on a leading axis. */
export function valueKeepFeeds(
  { seed, first, steps, rate }: { seed: number; first: number; steps: number; rate: number },
  { minibatchSize, responseTokens, width }: ValueKeepShape,
): ValueKeep<HostTensor<'float32'>> {
  const stacked = (stream: string, shape: Shape): HostTensor<'float32'> => {
    const size = sizeOf(shape);
    const masks = new Float32Array(steps * size);
    for (let i = 0; i < steps; i++) {
      const draws = uniforms({ seed, stream, step: first + i }, size);
      masks.set(
        draws.map((draw) => (draw < rate ? 0 : 1 / (1 - rate))),
        i * size,
      );
    }
    return hostTensor('float32', [steps, ...shape], masks);
  };
  const perToken = [minibatchSize, responseTokens];
  return { keepIn: stacked('value-dropout/in', [...perToken, width]), keepOut: stacked('value-dropout/out', perToken) };
}

/** Where the value head drops: `value.in` before its linear layer, anything else after it. */
export function maskedDropout({ keepIn, keepOut }: ValueKeep): Dropout {
  return (x, _rate, site) => mul(x, site === 'value.in' ? keepIn : keepOut);
}
