/**
 * Finds texts that say the same: equal after squeezing, or alike in their shingles. Knows no records.
 *
 * MinHash signatures (Broder 1997) in bands of a locality-sensitive hash (Indyk and Motwani 1998) propose pairs; the
 * Jaccard similarity of the shingle sets themselves decides.
 */

import xxhash from 'xxhash-wasm';

import { randomWords } from '../random/counter.js';

export interface NearDuplicateSettings {
  /** Texts whose shingle sets have at least this Jaccard similarity are the same. 1 keeps all but equal ones. */
  readonly similarity: number;
  /** Characters a shingle; 5 unless told. */
  readonly shingleSize?: number;
}

export interface Duplicate {
  readonly index: number;
  /** The earlier text that this one repeats; that one is kept. */
  readonly of: number;
  readonly kind: 'duplicate' | 'near-duplicate';
}

const BANDS = 16;
const ROWS = 8;
const PERMUTATIONS = BANDS * ROWS;

/** What does not change the sense: case, blanks and signs. */
function squeeze(text: string): string {
  const squeezed = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');
  return squeezed === '' ? text : squeezed;
}

/** Mixes 32 bits so that each depends on all (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Smallest value of each permutation over the shingles. */
function signatureOf(shingles: ReadonlySet<number>, seeds: Uint32Array): Uint32Array {
  const signature = new Uint32Array(PERMUTATIONS).fill(0xffffffff);
  for (const shingle of shingles) {
    for (let i = 0; i < PERMUTATIONS; i++) {
      const value = mix(shingle ^ seeds[i]!);
      if (value < signature[i]!) signature[i] = value;
    }
  }
  return signature;
}

function bandKeys(signature: Uint32Array): string[] {
  return Array.from({ length: BANDS }, (_, band) => {
    let key = String.fromCharCode(band);
    for (const value of signature.subarray(band * ROWS, (band + 1) * ROWS))
      key += String.fromCharCode(value >>> 16, value & 0xffff);
    return key;
  });
}

function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const value of small) if (large.has(value)) shared++;
  return shared / (a.size + b.size - shared);
}

/** The kept texts' shingles, found again by the bands of their signatures. */
class Index {
  readonly #buckets = new Map<string, number[]>();
  readonly #shingles = new Map<number, ReadonlySet<number>>();
  readonly #seeds = randomWords({ seed: 0, stream: 'minhash', step: 0 }, PERMUTATIONS);

  constructor(private readonly similarity: number) {}

  /** The first kept text that is alike; a text without one is kept itself. */
  findOrAdd(index: number, shingles: ReadonlySet<number>): number | undefined {
    const keys = bandKeys(signatureOf(shingles, this.#seeds));
    const candidates = new Set(keys.flatMap((key) => this.#buckets.get(key) ?? []));
    const alike = [...candidates]
      .sort((a, b) => a - b)
      .find((other) => jaccard(shingles, this.#shingles.get(other) ?? new Set()) >= this.similarity);
    if (alike !== undefined) return alike;
    this.#shingles.set(index, shingles);
    for (const key of keys) {
      const bucket = this.#buckets.get(key);
      if (bucket) bucket.push(index);
      else this.#buckets.set(key, [index]);
    }
    return undefined;
  }
}

/** Later texts that repeat an earlier one, by rising index. The same texts in the same order give the same answer. */
export async function findDuplicates(texts: readonly string[], settings: NearDuplicateSettings): Promise<Duplicate[]> {
  const hash = await xxhash();
  const shingleSize = settings.shingleSize ?? 5;
  const shinglesOf = (text: string): Set<number> => {
    const units = Array.from(text);
    const count = Math.max(1, units.length - shingleSize + 1);
    return new Set(Array.from({ length: count }, (_, i) => hash.h32(units.slice(i, i + shingleSize).join(''))));
  };
  const exact = new Map<string, number>();
  const index = new Index(settings.similarity);
  const duplicates: Duplicate[] = [];
  texts.forEach((text, i) => {
    const squeezed = squeeze(text);
    const digest = hash.h64ToString(squeezed);
    const same = exact.get(digest);
    if (same !== undefined) return duplicates.push({ index: i, of: same, kind: 'duplicate' });
    const alike = settings.similarity < 1 ? index.findOrAdd(i, shinglesOf(squeezed)) : undefined;
    if (alike !== undefined) return duplicates.push({ index: i, of: alike, kind: 'near-duplicate' });
    return exact.set(digest, i);
  });
  return duplicates;
}
