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
export function positionsByCell(layout: GroupScores): { keyword: number; positions: Int32Array }[] {
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
