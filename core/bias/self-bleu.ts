/**
 * How much generated texts resemble one another. Knows no tokenizer.
 *
 * self-BLEU (Zhu et al. 2018, arXiv 1802.01886): each text's BLEU (Papineni et al. 2002) against all the others, averaged.
 * An n-gram's highest count in the other texts is known from its two highest counts in all, so the work is linear.
 */

type Tokens = readonly (string | number)[];
type Counts = ReadonlyMap<string, number>;

/** Added to a precision without a match, as in Chen and Cherry 2014, method 1. */
const EPSILON = 0.1;

function countNgrams(tokens: Tokens, n: number): Counts {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= tokens.length; i++) {
    const gram = JSON.stringify(tokens.slice(i, i + n));
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

interface Highest {
  readonly first: number;
  readonly firstText: number;
  readonly second: number;
}

/** The two highest counts of each n-gram over all texts, and which text has the highest. */
function highestCounts(texts: readonly Counts[]): Map<string, Highest> {
  const highest = new Map<string, Highest>();
  texts.forEach((counts, text) => {
    for (const [gram, count] of counts) {
      const known = highest.get(gram);
      if (!known) highest.set(gram, { first: count, firstText: text, second: 0 });
      else if (count > known.first) highest.set(gram, { first: count, firstText: text, second: known.first });
      else if (count > known.second) highest.set(gram, { ...known, second: count });
    }
  });
  return highest;
}

/** Logarithm of the modified n-gram precision of each text against the others; −∞ where not one word is shared. */
function logPrecisions(texts: readonly Tokens[], n: number): number[] {
  const counted = texts.map((tokens) => countNgrams(tokens, n));
  const highest = highestCounts(counted);
  return counted.map((counts, text) => {
    let [matched, total] = [0, 0];
    for (const [gram, count] of counts) {
      const { first, firstText, second } = highest.get(gram)!;
      matched += Math.min(count, firstText === text ? second : first);
      total += count;
    }
    if (matched > 0) return Math.log(matched / total);
    return n === 1 ? -Infinity : Math.log(EPSILON / Math.max(1, total));
  });
}

/** Length of the other text that is nearest in length, the shorter one on a tie. */
function nearestLengths(lengths: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const length of lengths) counts.set(length, (counts.get(length) ?? 0) + 1);
  const different = [...counts.keys()].sort((a, b) => a - b);
  return lengths.map((own) => {
    if (counts.get(own)! > 1) return own;
    const others = different.filter((length) => length !== own);
    return others.reduce((best, length) => (Math.abs(length - own) < Math.abs(best - own) ? length : best));
  });
}

/**
 * self-BLEU of n-grams up to `order` with equal weights: 0 when no two texts share a word, 1 when all are the same.
 * 0 for fewer than two texts.
 */
export function selfBleu(texts: readonly Tokens[], order: number): number {
  const written = texts.filter((tokens) => tokens.length > 0);
  if (written.length < 2) return 0;
  const logs = Array.from({ length: order }, (_, i) => logPrecisions(written, i + 1));
  const references = nearestLengths(written.map((tokens) => tokens.length));
  const bleus = written.map((tokens, text) => {
    const meanLog = logs.reduce((sum, of) => sum + of[text]!, 0) / order;
    const brevity = Math.min(0, 1 - references[text]! / tokens.length);
    return Math.exp(brevity + meanLog);
  });
  return bleus.reduce((sum, bleu) => sum + bleu, 0) / bleus.length;
}
