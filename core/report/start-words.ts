/** What the model that a run begins with is called: a measurement alone has no before and no fine-tuning. Knows no figures. */
import type { Results } from './results.js';

export interface StartWords {
  /** Heads its column, beside `after`. */
  readonly column: string;
  /** In a legend. */
  readonly legend: string;
  /** Behind what was found of it: ` before mitigation`. */
  readonly when: string;
  /** Begins the caption of its figure. */
  readonly caption: string;
  /** Heads its row, beside those of sweep points. */
  readonly row: string;
}

const WORDS: { readonly [K in 'study' | 'measurement']: StartWords } = {
  study: {
    column: 'before',
    legend: 'before: fine-tuned model',
    when: ' before mitigation',
    caption: 'Before mitigation',
    row: 'fine-tuned',
  },
  measurement: { column: 'measured', legend: 'the measured model', when: '', caption: 'As measured', row: 'measured' },
};

export function startWords({ kind }: Pick<Results, 'kind'>): StartWords {
  return WORDS[kind ?? 'study'];
}
