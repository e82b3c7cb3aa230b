/** Every generated sentence with its scores, one row each. Knows nothing of who wrote it. */
import type { ScoredSentence } from '../bias/index.js';
import { formatCsv } from './csv.js';

export interface ModelSentences {
  /** `baseline`, or the point of the sweep. */
  readonly model: string;
  readonly epochs?: number;
  readonly seed?: number;
  readonly sentences: readonly (ScoredSentence & {
    readonly prompt: string;
    readonly reward?: number;
    /** Scores by further measures, by name. */
    readonly others?: Readonly<Record<string, number>>;
  })[];
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

/** After the columns of every run stands `score_NAME` for each further measure: a measure may be called as a column is. */
export function sentencesCsv(models: readonly ModelSentences[]): string {
  const further = furtherNames(models);
  const rows = models.flatMap(({ model, epochs, seed, sentences }) =>
    sentences.map(({ group, keyword, promptIndex, repetition, prompt, text, score, reward, others }) => [
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
      ...further.map((name) => others?.[name]),
    ]),
  );
  return formatCsv([...SENTENCE_COLUMNS, ...further.map((name) => `score_${name}`)], rows);
}

/** Every measure that some model has; all sentences of a model have the same. */
function furtherNames(models: readonly ModelSentences[]): string[] {
  return [...new Set(models.flatMap(({ sentences }) => Object.keys(sentences[0]?.others ?? {})))];
}
