/** Scores texts with a trained classifier: the lead of its good class over the other, in nats. */

import type { FolderRef, Store } from '../../core/checkpoint/index.js';
import { ClassifierScorer } from '../../core/train/classifier-scores.js';
import type { JobRuntime } from '../study.js';
import { classifierTokens } from './classifier.js';
import { openClassifier } from './models.js';

export interface TextScorer {
  /** logit(good) − logit(bad) of each text. */
  logits(texts: readonly string[]): Promise<Float32Array>;
  release(): Promise<void>;
}

/** How a classifier computes, and the setting that it comes from. */
export type ScorerOptions = JobRuntime & { readonly setting: string };

/** Opens the classifier once; every text is scored once and remembered. */
export async function openTextScorer(
  store: Store,
  ref: FolderRef,
  { setting, ...runtime }: ScorerOptions,
): Promise<TextScorer> {
  const { config, params, tokenizer } = await openClassifier(store, ref, setting);
  const classifier = new ClassifierScorer(config, { batchSize: 64, maxTokens: config.numPositions, ...runtime });
  const known = new Map<string, number>();
  return {
    async logits(texts) {
      const fresh = [...new Set(texts)].filter((text) => !known.has(text));
      const { data } = await classifier.logits(
        params,
        fresh.map((text) => classifierTokens(tokenizer, text)),
      ); // [texts, 2]
      fresh.forEach((text, index) => known.set(text, (data[2 * index + 1] ?? 0) - (data[2 * index] ?? 0)));
      return Float32Array.from(texts, (text) => known.get(text) ?? 0);
    },
    release: () => classifier.release(),
  };
}

/** Scores with a classifier that is open for just so long. */
export async function withTextScorer<R>(
  store: Store,
  ref: FolderRef,
  options: ScorerOptions,
  work: (scorer: TextScorer) => Promise<R>,
): Promise<R> {
  const scorer = await openTextScorer(store, ref, options);
  try {
    return await work(scorer);
  } finally {
    await scorer.release();
  }
}
