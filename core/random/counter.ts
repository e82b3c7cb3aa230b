/**
 * Counter-based randomness: every draw is a pure function of (seed, stream, step, index).
 *
 * Nothing here holds state, so the whole random state of a job is three numbers, a resumed job draws
 * what the undisturbed one would have drawn, and two jobs that share a key share their draws.
 *
 * Generator: Philox-4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
 */

/** Names a family of draws. `stream` separates purposes, `step` separates repetitions of one purpose. */
export interface RandomKey {
  /** Run seed, 0 … 2^32 − 1. */
  readonly seed: number;
  /** Purpose: one of a fixed set of names, or a number below 2^32. */
  readonly stream: string | number;
  /** Repetition, 0 … 2^32 − 1 (training step, PPO batch, prompt number …). */
  readonly step: number;
}

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** FNV-1a of the UTF-16 code units: turns a stream's name into its number. */
function streamNumber(stream: string | number): number {
  if (typeof stream === 'number') return stream >>> 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < stream.length; i++) hash = Math.imul(hash ^ stream.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Upper 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const lowLow = aLow * bLow;
  const highLow = aHigh * bLow + (lowLow >>> 16);
  const middle = (highLow & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + (highLow >>> 16) + (middle >>> 16)) >>> 0;
}

/** Four 32-bit words of block `block` under `key`, written to `out`. */
function philox(seed: number, stream: number, step: number, block: number, out: Uint32Array): void {
  let c0 = block >>> 0;
  let c1 = step >>> 0;
  let c2 = stream;
  let c3 = 0;
  let k0 = seed >>> 0;
  let k1 = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** `count` random 32-bit words, indices `0 … count − 1`. */
export function randomWords(key: RandomKey, count: number): Uint32Array {
  const words = new Uint32Array(Math.ceil(count / 4) * 4);
  const stream = streamNumber(key.stream);
  const block = new Uint32Array(4);
  for (let i = 0; i < words.length; i += 4) {
    philox(key.seed, stream, key.step, i / 4, block);
    words.set(block, i);
  }
  return words.subarray(0, count);
}

/** `count` numbers in the open interval (0, 1): odd multiples of 2^-24, which float32 holds exactly (never rounded to 1). */
export function uniforms(key: RandomKey, count: number): Float32Array {
  const words = randomWords(key, count);
  return Float32Array.from(words, (word) => ((word >>> 9) + 0.5) / 0x800000);
}

/** `count` draws of the standard normal distribution (Box and Muller 1958). */
export function normals(key: RandomKey, count: number): Float32Array {
  const pairs = Math.ceil(count / 2);
  const u = uniforms(key, pairs * 2);
  const out = new Float32Array(pairs * 2);
  for (let i = 0; i < pairs; i++) {
    const radius = Math.sqrt(-2 * Math.log(u[2 * i]!));
    const angle = 2 * Math.PI * u[2 * i + 1]!;
    out[2 * i] = radius * Math.cos(angle);
    out[2 * i + 1] = radius * Math.sin(angle);
  }
  return out.subarray(0, count);
}

/** A uniformly random order of `0 … length − 1` (Fisher and Yates). */
export function permutation(key: RandomKey, length: number): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i);
  const words = randomWords(key, length);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor((words[i]! / 0x100000000) * (i + 1));
    const swap = order[i]!;
    order[i] = order[j]!;
    order[j] = swap;
  }
  return order;
}

/** A drawing hand for sequential code: successive draws under one key, by increasing index. */
export class RandomSequence {
  #index = 0;
  readonly #block = new Uint32Array(4);
  readonly #stream: number;

  constructor(private readonly key: RandomKey) {
    this.#stream = streamNumber(key.stream);
  }

  /** The next number in (0, 1). */
  next(): number {
    const word = this.#index & 3;
    if (word === 0) philox(this.key.seed, this.#stream, this.key.step, this.#index >>> 2, this.#block);
    this.#index++;
    return ((this.#block[word]! >>> 9) + 0.5) / 0x800000;
  }

  /** An integer in `0 … bound − 1`. */
  integer(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** Puts the elements into a uniformly random order (Fisher and Yates); those of the named places alone, where some are named. */
  shuffle<T>(values: { [place: number]: T; readonly length: number }, places?: ArrayLike<number>): void {
    const at = (i: number): number => places?.[i] ?? i;
    for (let i = (places ?? values).length - 1; i > 0; i--) {
      const [a, b] = [at(i), at(this.integer(i + 1))];
      const swap = values[a]!;
      values[a] = values[b]!;
      values[b] = swap;
    }
  }

  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('RandomSequence.pick: expected a list that is not empty, got []');
    return list[this.integer(list.length)]!;
  }
}
