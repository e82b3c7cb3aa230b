/** The value head's parameters: names, shapes and how a fresh one starts. Knows no graph. */

import type { Parameters, ParameterShapes } from '../nn/index.js';
import { uniforms } from '../random/counter.js';
import { hostTensor } from '../tensor.js';
import type { PpoProfile } from './profiles.js';

const valueHeadNames = ['value_weight', 'value_bias'];

export function valueHeadShapes(width: number): ParameterShapes {
  return { value_weight: [width], value_bias: [] };
}

/** Zeros, or uniform in ±1/√C as PyTorch starts a linear layer. */
export function initialValueHead(width: number, init: PpoProfile['valueInit'], seed: number): Parameters {
  const draws = uniforms({ seed, stream: 'value-head', step: 0 }, width + 1);
  const start = init === 'zero' ? new Float32Array(width + 1) : draws.map((draw) => (2 * draw - 1) / Math.sqrt(width));
  return {
    value_weight: hostTensor('float32', [width], start.slice(0, width)),
    value_bias: hostTensor('float32', [], start.slice(width)),
  };
}

/** Takes policy and value head apart. */
export function splitValueHead(params: Parameters): { policy: Parameters; valueHead: Parameters } {
  const part = (ofHead: boolean): Parameters =>
    Object.fromEntries(Object.entries(params).filter(([name]) => valueHeadNames.includes(name) === ofHead));
  return { policy: part(false), valueHead: part(true) };
}
