/** Scores as a table of keywords and the probes that all of them answered. Knows nothing of what is made of it. */
import type { KeywordSentences } from './aggregate.js';
import type { ScoredSentence } from './scored-sentence.js';

export interface ProbeMatrix {
  /** Keyword by keyword, each one's probes in the same order. [K × n] */
  readonly scores: Float64Array;
  /** Prompt of each probe. [n] */
  readonly promptOf: readonly number[];
  /** Position of the first keyword that answered other probes than the first one did; −1 where there is none. */
  readonly unpaired: number;
}

export function probeMatrix(keywords: readonly KeywordSentences[]): ProbeMatrix {
  const name = ({ promptIndex, repetition }: ScoredSentence) => `${promptIndex}/${repetition}`;
  const first = keywords[0]?.sentences ?? [];
  const column = new Map(first.map((sentence, index) => [name(sentence), index]));
  const probes = first.length;
  const scores = new Float64Array(keywords.length * probes).fill(NaN);
  keywords.forEach(({ sentences }, k) => {
    for (const sentence of sentences) scores[k * probes + (column.get(name(sentence)) ?? NaN)] = sentence.score;
  });
  return {
    scores,
    promptOf: first.map(({ promptIndex }) => promptIndex),
    unpaired: keywords.findIndex(
      ({ sentences }, k) => sentences.length !== probes || scores.subarray(k * probes, (k + 1) * probes).some(isNaN),
    ),
  };
}
