/**
 * Dropout whose masks are a pure function of (seed, site, step, index), drawn inside the graph. Knows no model.
 *
 * The host feeds one random odd word a row and one a column of each site and step (Philox, so counted); an element's word
 * is a mix of its row's and its column's. That is a thousandth of what feeding whole masks would take.
 */

import { add, cast, gather, greaterOrEqual, mul, reshape, split } from '../ir/index.js';
import type { Graph, Signature, Value } from '../ir/index.js';
import type { Dropout } from '../nn/dropout.js';
import { randomWords } from '../random/counter.js';
import { hostTensor, sizeOf } from '../tensor.js';
import type { HostTensor } from '../tensor.js';

const PREFIX = 'dropout:';

/** Dropout for one iteration of a loop over K steps. Declares an input `dropout:<site>` [K, rows + columns] a site. */
export function counterDropout(outer: Graph, stepsPerRun: number, iteration: Value<'int64'>): Dropout {
  return (x, rate, site) => {
    if (rate === 0) return x;
    const columns = x.shape[x.shape.length - 1] ?? 1;
    const rows = sizeOf(x.shape) / columns;
    const words = outer.input(`${PREFIX}${site}`, 'int32', [stepsPerRun, rows + columns]);
    const [row, column] = split(gather(words, iteration), 0, [rows, columns]);
    if (row === undefined || column === undefined)
      throw new RangeError('counterDropout: expected two parts of the words');
    const word = mixed(mul(reshape(row, [rows, 1]), reshape(column, [1, columns])));
    const kept = cast(greaterOrEqual(word, Math.round(rate * 2 ** 32 - 2 ** 31)), 'float32');
    return mul(x, reshape(mul(kept, 1 / (1 - rate)), x.shape));
  };
}

/** p (2p + 1) modulo 2^32: a bijection that carries low bits into high ones (Rivest et al. 1998, RC6). */
function mixed(product: Value<'int32'>): Value<'int32'> {
  return mul(product, add(mul(product, 2), 1));
}

/** The feeds of a program's dropout inputs for the steps `stepsTaken + 1 …`. */
export function dropoutFeeds(inputs: Signature, seed: number, stepsTaken: number): Record<string, HostTensor<'int32'>> {
  const sites = Object.entries(inputs).filter(([name]) => name.startsWith(PREFIX));
  return Object.fromEntries(
    sites.map(([name, { shape }]) => [name, hostTensor('int32', shape, siteWords(name, shape, seed, stepsTaken))]),
  );
}

function siteWords(
  stream: string,
  [steps = 0, count = 0]: readonly number[],
  seed: number,
  stepsTaken: number,
): Int32Array {
  const words = new Int32Array(steps * count);
  for (let k = 0; k < steps; k++) words.set(randomWords({ seed, stream, step: stepsTaken + 1 + k }, count), k * count);
  return words.map((word) => word | 1);
}
