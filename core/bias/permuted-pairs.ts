/**
 * p-values of all pairs of keywords, by exchanging the two keywords' sentences inside each prompt. Knows nothing of
 * corrections.
 *
 * Ten sentences have 1,024 sign patterns, and no p-value below 1/512 survives a correction over 12,090 pairs; exchanged
 * inside two prompts of five, they have 63,504. If the keyword made no difference, all sentences of a prompt could have
 * stood under either; twins that share random numbers resemble one another, which makes the test err on the safe side.
 */

/** All ways to choose this many of twice as many are listed: 924. Beyond it sign flips have p-values low enough. */
const MOST_REPETITIONS = 6;
/** Two prompts are counted exactly by merging two sorted lists. */
const MOST_PROMPTS = 2;

/** Columns of each prompt. */
export type Prompts = readonly (readonly number[])[];

/** Columns by prompt, in order of first appearance. `promptOf` is each column's prompt. */
export function columnsByPrompt(promptOf: readonly number[]): Prompts {
  const prompts = [...new Set(promptOf)];
  return prompts.map((prompt) => promptOf.flatMap((own, column) => (own === prompt ? [column] : [])));
}

/** Whether a design is small enough, and gives lower p-values than sign flips do. */
export function isPermutable(prompts: Prompts): boolean {
  return prompts.length <= MOST_PROMPTS && prompts.every(({ length }) => length > 1 && length <= MOST_REPETITIONS);
}

/** The lowest two-sided p-value: both extreme ways among all. */
export function smallestPermutedP(prompts: Prompts): number {
  return 2 / prompts.reduce((product, { length }) => product * choices(length).length, 1);
}

/**
 * Exact two-sided p-values of all pairs (i, j < i) for the difference of the sums. `scores` is [K × n].
 * Of two values it is Fisher's exact test inside each prompt (Fisher 1935; Pitman 1937).
 */
export function permutedPValues(scores: Float64Array, prompts: Prompts): number[] {
  const probes = prompts.reduce((sum, { length }) => sum + length, 0);
  const keywords = probes === 0 ? 0 : scores.length / probes;
  const sums = prompts.map(({ length }) => {
    const chosen = choices(length);
    return { chosen, values: new Float64Array(chosen.length) };
  });
  const pValues: number[] = [];
  for (let i = 1; i < keywords; i++) {
    for (let j = 0; j < i; j++) {
      let [observed, total] = [0, 0];
      prompts.forEach((columns, p) => {
        const own = columns.map((column) => scores[i * probes + column]!);
        const pooled = [...own, ...columns.map((column) => scores[j * probes + column]!)];
        observed += sumOf(own);
        total += sumOf(pooled);
        fillSums(pooled, sums[p]!);
      });
      // Sums in another order differ in the last digits: the observed one must count as equal to itself.
      const distance = Math.abs(observed - total / 2) - 1e-12;
      pValues.push(shareBeyond(sums[0]!.values, sums[1]?.values ?? ZERO, total / 2 + distance));
    }
  }
  return pValues;
}

const ZERO = new Float64Array(1);

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

const known = new Map<number, readonly Uint8Array[]>();

/** Every choice of `n` places among 2 n. */
function choices(n: number): readonly Uint8Array[] {
  const listed = known.get(n) ?? listChoices(n);
  known.set(n, listed);
  return listed;
}

function listChoices(n: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  const extend = (chosen: readonly number[], next: number): void => {
    if (chosen.length === n) found.push(Uint8Array.from(chosen));
    else for (let place = next; place < 2 * n; place++) extend([...chosen, place], place + 1);
  };
  extend([], 0);
  return found;
}

function fillSums(
  pooled: readonly number[],
  { chosen, values }: { readonly chosen: readonly Uint8Array[]; readonly values: Float64Array },
): void {
  for (let way = 0; way < chosen.length; way++) {
    let sum = 0;
    for (const place of chosen[way]!) sum += pooled[place]!;
    values[way] = sum;
  }
  values.sort();
}

/** Share of x + y ≥ `limit`, and as many on the other side, for sorted lists: sums are symmetric about their mean. */
function shareBeyond(x: Float64Array, y: Float64Array, limit: number): number {
  let [beyond, j] = [0, y.length];
  for (const value of x) {
    while (j > 0 && value + y[j - 1]! >= limit) j--;
    beyond += y.length - j;
  }
  return Math.min(1, (2 * beyond) / (x.length * y.length));
}
