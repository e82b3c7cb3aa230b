/**
 * One group's scores, laid out for resampling: keyword × prompt cells of repetitions, in flat arrays.
 * Knows nothing of texts.
 */
import { byKeyword } from './aggregate.js';
import type { ScoredSentence } from './scored-sentence.js';

/** Scores of one group. `keywordOf` and `promptOf` tell each score's place. */
export interface GroupScores {
  readonly keywords: readonly string[];
  readonly scores: Float64Array; // [N]
  readonly keywordOf: Int32Array; // [N]
  readonly promptOf: Int32Array; // [N]
  /** Sentences by keyword. */
  readonly counts: Int32Array; // [K]
}

/** Positions of a keyword's scores that are resampled together. */
export interface Cell {
  readonly keyword: number;
  readonly positions: Int32Array;
}

/** Scores of the sentences of `group`, keyword by keyword in order of first appearance. */
export function groupScores(sentences: readonly ScoredSentence[], group: string): GroupScores {
  const keywords = byKeyword(sentences.filter((sentence) => sentence.group === group));
  const flat = keywords.flatMap((keyword, index) => keyword.sentences.map((sentence) => ({ sentence, index })));
  return {
    keywords: keywords.map(({ keyword }) => keyword),
    scores: Float64Array.from(flat, ({ sentence }) => sentence.score),
    keywordOf: Int32Array.from(flat, ({ index }) => index),
    promptOf: Int32Array.from(flat, ({ sentence }) => sentence.promptIndex),
    counts: Int32Array.from(keywords, ({ sentences: own }) => own.length),
  };
}

/** Mean by keyword of `scores`, which stand in the places of `layout.scores`. [K] */
export function meansOf(layout: GroupScores, scores: ArrayLike<number>): Float64Array {
  const means = new Float64Array(layout.counts.length);
  for (let i = 0; i < layout.keywordOf.length; i++) means[layout.keywordOf[i]!]! += scores[i]!;
  for (let k = 0; k < means.length; k++) means[k]! /= layout.counts[k]!;
  return means;
}

/** Positions of the scores by prompt: the sets within which keywords are interchangeable if nothing but chance is at work. */
export function positionsByPrompt(layout: GroupScores): Int32Array[] {
  const byPrompt = new Map<number, number[]>();
  layout.promptOf.forEach((prompt, position) => {
    const list = byPrompt.get(prompt);
    if (list) list.push(position);
    else byPrompt.set(prompt, [position]);
  });
  return [...byPrompt.values()].map((list) => Int32Array.from(list));
}

/**
 * Positions by keyword × prompt. A keyword with a cell of a single sentence becomes one cell as a whole, since one
 * value says nothing of its spread.
 */
export function positionsByCell(layout: GroupScores): Cell[] {
  const byKey: Map<number, number[]>[] = layout.keywords.map(() => new Map<number, number[]>());
  layout.keywordOf.forEach((keyword, position) => {
    const prompts = byKey[keyword]!;
    const prompt = layout.promptOf[position]!;
    const list = prompts.get(prompt);
    if (list) list.push(position);
    else prompts.set(prompt, [position]);
  });
  return byKey.flatMap((prompts, keyword) => {
    const cells = [...prompts.values()];
    const whole = cells.some((cell) => cell.length < 2) ? [cells.flat()] : cells;
    return whole.map((cell) => ({ keyword, positions: Int32Array.from(cell) }));
  });
}

/** Spread of the scores at `positions` inside their prompts: root of the mean square around the prompt's mean. */
export function spreadWithinPrompts({ scores, promptOf }: GroupScores, positions: ArrayLike<number>): number {
  const sums = new Map<number, { n: number; sum: number; squares: number }>();
  for (let i = 0; i < positions.length; i++) {
    const [score, prompt] = [scores[positions[i]!]!, promptOf[positions[i]!]!];
    const own = sums.get(prompt) ?? { n: 0, sum: 0, squares: 0 };
    own.n++;
    own.sum += score;
    own.squares += score * score;
    sums.set(prompt, own);
  }
  const squares = [...sums.values()].reduce((total, own) => total + own.squares - (own.sum * own.sum) / own.n, 0);
  return Math.sqrt(Math.max(0, squares) / positions.length);
}

/** Standard error of each keyword's mean by the choice of sentences inside its cells; 0 for a cell of one. [K] */
export function standardErrors(layout: GroupScores): Float64Array {
  const variances = new Float64Array(layout.counts.length);
  for (const { keyword, positions } of positionsByCell(layout)) {
    const n = positions.length;
    if (n < 2) continue;
    let [sum, squares] = [0, 0];
    for (const position of positions) {
      const score = layout.scores[position]!;
      sum += score;
      squares += score * score;
    }
    const variance = Math.max(0, squares - (sum * sum) / n) / (n - 1);
    variances[keyword]! += ((n / layout.counts[keyword]!) ** 2 * variance) / n;
  }
  return variances.map(Math.sqrt);
}
