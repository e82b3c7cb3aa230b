/**
 * Dropout whose masks are a pure function of (seed, site, step, index), drawn inside the graph. Knows no model.
 *
 * The host feeds one random odd word a row and one a column of each site and step (Philox, so counted); an element's word
 * is a mix of its row's and its column's. That is a thousandth of what feeding whole masks would take.
 */

import { abs, add, cast, gather, greaterOrEqual, less, mul, reshape, slice, split } from '../ir/index.js';
import type { Graph, Signature, Value } from '../ir/index.js';
import type { Dropout } from '../nn/dropout.js';
import { randomWords } from '../random/counter.js';
import { hostTensor, sizeOf } from '../tensor.js';
import type { HostTensor } from '../tensor.js';

const PREFIX = 'dropout:';

export interface CounterDropoutOptions {
  /** Number of equal parts that a step's batch is cut into. Default 1. */
  readonly parts?: number;
  /** Masks are drawn anew with what they drop from, where that is computed a second time. Default false. */
  readonly recompute?: boolean;
}

/** Dropout in one part of a step's batch, where there are several. */
export type DropoutOfPart = (part?: Value<'int64'>) => Dropout;

/**
 * Dropout for one iteration of a loop over K steps. Declares an input `dropout:<site>` [K, rows + columns] a site. Rows are
 * those of the whole batch, which they follow in order: a part drops what the whole batch would have dropped there.
 */
export function counterDropout(
  outer: Graph,
  stepsPerRun: number,
  iteration: Value<'int64'>,
  { parts = 1, recompute = false }: CounterDropoutOptions = {},
): DropoutOfPart {
  const declared = new Map<string, Value<'int32'>>();
  const wordsOf = (site: string, size: number): Value<'int32'> => {
    const words = declared.get(site) ?? outer.input(`${PREFIX}${site}`, 'int32', [stepsPerRun, size]);
    declared.set(site, words);
    return gather(words, iteration);
  };
  return (part) => (x, rate, site) => {
    if (rate === 0) return x;
    const columns = x.shape[x.shape.length - 1] ?? 1;
    const rows = sizeOf(x.shape) / columns;
    const [all, column] = split(wordsOf(site, parts * rows + columns), 0, [parts * rows, columns]);
    if (all === undefined || column === undefined)
      throw new RangeError('counterDropout: expected two parts of the words');
    const row = reshape(part ? gather(reshape(all, [parts, rows]), part) : all, [rows, 1]);
    const word = mixed(mul(recompute ? add(row, zeroOf(x)) : row, reshape(column, [1, columns])));
    const kept = cast(greaterOrEqual(word, Math.round(rate * 2 ** 32 - 2 ** 31)), 'float32');
    return mul(x, reshape(mul(kept, 1 / (1 - rate)), x.shape));
  };
}

/** A zero that is there only once x is. */
function zeroOf(x: Value<'float32'>): Value<'int32'> {
  const element = slice(reshape(x, [sizeOf(x.shape)]), { axis: 0, start: 0, end: 1 });
  return cast(less(abs(element), 0), 'int32');
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
