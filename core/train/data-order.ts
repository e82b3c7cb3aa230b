/**
 * Which texts form which batch, in which order: a pure function of (seed, epoch). Knows neither models nor tokens' meaning.
 *
 * Texts are grouped by length into a few fixed buckets, so that short ones are not padded to the longest. What does not
 * fill a whole run of a bucket moves up into the next one; only the last bucket has single steps and a part-filled batch.
 */

import { permutation } from '../random/counter.js';

/** One `session.run`: `batches.length` steps over texts of at most `tokens` tokens. */
export interface PlannedRun {
  readonly tokens: number; // T, the padded length
  /** Text numbers of each step; the last batch of an epoch may hold fewer than the batch size. */
  readonly batches: readonly (readonly number[])[]; // [K][≤ B]
}

export interface OrderSettings {
  readonly seed: number;
  readonly batchSize: number; // B
  /** Steps in one run; runs hold this many, or one. */
  readonly stepsPerRun: number; // K
  /** Padded lengths, rising; a text longer than the last is cut to it. */
  readonly buckets: readonly number[];
}

/** Padded lengths up to `maxTokens`: steps of 8 up to 32, of 16 up to 64, then doubling. */
export function lengthBuckets(maxTokens: number): number[] {
  const buckets: number[] = [];
  for (let tokens = 16; tokens < maxTokens; tokens += tokens < 32 ? 8 : tokens < 64 ? 16 : tokens) buckets.push(tokens);
  return [...buckets, maxTokens];
}

/** The smallest bucket that holds `length`, or the last. */
export function bucketOf(buckets: readonly number[], length: number): number {
  return buckets.find((tokens) => length <= tokens) ?? buckets.at(-1) ?? length;
}

/** Steps of one epoch: each text once, `batchSize` a step. */
export function stepsPerEpoch(numTexts: number, batchSize: number): number {
  return Math.ceil(numTexts / batchSize);
}

/** The runs of one epoch over texts of the given lengths. */
export function epochRuns(lengths: ArrayLike<number>, epoch: number, settings: OrderSettings): PlannedRun[] {
  const { seed, buckets } = settings;
  const shuffled = permutation({ seed, stream: 'train/texts', step: epoch }, lengths.length);
  const byBucket = new Map<number, number[]>(buckets.map((tokens) => [tokens, []]));
  for (const text of shuffled) byBucket.get(bucketOf(buckets, lengths[text] ?? 0))?.push(text);
  const runs: PlannedRun[] = [];
  let carried: number[] = [];
  buckets.forEach((tokens, i) => {
    const texts = [...carried, ...(byBucket.get(tokens) ?? [])];
    const { full, rest } = fullRuns(texts, tokens, settings);
    runs.push(...full);
    carried = rest;
    if (i === buckets.length - 1) runs.push(...singleSteps(rest, tokens, settings.batchSize));
  });
  return Array.from(permutation({ seed, stream: 'train/runs', step: epoch }, runs.length), (i) => runs[i]!);
}

function fullRuns(
  texts: readonly number[],
  tokens: number,
  { batchSize, stepsPerRun }: OrderSettings,
): { full: PlannedRun[]; rest: number[] } {
  const textsPerRun = batchSize * stepsPerRun;
  const count = Math.floor(texts.length / textsPerRun);
  const full = Array.from({ length: count }, (_, i) => ({
    tokens,
    batches: chunks(texts.slice(i * textsPerRun, (i + 1) * textsPerRun), batchSize),
  }));
  return { full, rest: texts.slice(count * textsPerRun) };
}

function singleSteps(texts: readonly number[], tokens: number, batchSize: number): PlannedRun[] {
  return chunks(texts, batchSize).map((batch) => ({ tokens, batches: [batch] }));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** Splits `0 … count − 1` once, by seed: the first `share` of a random order is for validation. */
export function validationSplit(count: number, share: number, seed: number): { train: number[]; validation: number[] } {
  const order = Array.from(permutation({ seed, stream: 'train/split', step: 0 }, count));
  const validation = Math.round(count * share);
  const ascending = (a: number, b: number) => a - b;
  return { train: order.slice(validation).sort(ascending), validation: order.slice(0, validation).sort(ascending) };
}

/** All texts once, in batches of one bucket each, in a fixed order: for evaluation. */
export function batchesByLength(
  lengths: ArrayLike<number>,
  buckets: readonly number[],
  batchSize: number,
): { tokens: number; texts: number[] }[] {
  const byBucket = new Map<number, number[]>(buckets.map((tokens) => [tokens, []]));
  for (let text = 0; text < lengths.length; text++) byBucket.get(bucketOf(buckets, lengths[text] ?? 0))?.push(text);
  return [...byBucket].flatMap(([tokens, texts]) =>
    chunks(texts, batchSize).map((batch) => ({ tokens, texts: batch })),
  );
}
