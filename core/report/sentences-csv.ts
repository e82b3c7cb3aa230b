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

/** A further measure has a column of its own behind these, `measure_words`. */
export function sentencesCsv(models: readonly ModelSentences[]): string {
  const measures = Object.keys(models[0]?.sentences[0]?.others ?? {});
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
      ...measures.map((name) => others?.[name]),
    ]),
  );
  return formatCsv([...SENTENCE_COLUMNS, ...measures.map((name) => `measure_${name}`)], rows);
}
