/** Every generated sentence with its scores, one row each. Knows nothing of who wrote it. */
import type { ScoredSentence } from '../bias/index.js';
import { formatCsv } from './csv.js';

export interface ModelSentences {
  /** `baseline`, or the point of the sweep. */
  readonly model: string;
  readonly epochs?: number;
  readonly seed?: number;
  readonly sentences: readonly (ScoredSentence & { readonly prompt: string; readonly reward?: number })[];
}

export const SENTENCE_COLUMNS = [
  'model',
  'epochs',
  'seed',
  'group',
  'keyword',
  'prompt_index',
  'repetition',
  'prompt',
  'text',
  'sentiment',
  'reward',
] as const;

export function sentencesCsv(models: readonly ModelSentences[]): string {
  const rows = models.flatMap(({ model, epochs, seed, sentences }) =>
    sentences.map(({ group, keyword, promptIndex, repetition, prompt, text, score, reward }) => [
      model,
      epochs,
      seed,
      group,
      keyword,
      promptIndex,
      repetition,
      prompt,
      text,
      score,
      reward,
    ]),
  );
  return formatCsv(SENTENCE_COLUMNS, rows);
}
