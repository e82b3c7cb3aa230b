/**
 * How good a classifier becomes with fewer labelled sentences: trained anew on parts of the training set, judged on the
 * same held-out sentences. Knows no tokenizer.
 */

import { wilsonInterval } from '../../core/bias/index.js';
import type { ClassifierResult } from '../../core/report/index.js';
import { permutation } from '../../core/random/counter.js';
import { trainClassifier, type TrainClassifierInput } from '../../core/train/classifier.js';

export type LearningCurve = NonNullable<ClassifierResult['learningCurve']>;

/** The training of the whole classifier, with what a part of it is drawn from. */
export interface CurveInput extends Omit<TrainClassifierInput, 'validation' | 'resumeFrom'> {
  readonly split: { readonly train: readonly number[]; readonly validation: readonly number[] };
  readonly settings: Partial<NonNullable<TrainClassifierInput['settings']>> & {
    readonly epochs: number;
    readonly batchSize: number;
    readonly seed: number;
  };
}

/**
 * One row for each share of the training set, rising. A part is the beginning of one seeded order, so smaller parts lie
 * in larger ones; each takes as many steps as the whole set would, evaluated as often, and keeps its best evaluation.
 */
export async function learningCurve(input: CurveInput, shares: readonly number[]): Promise<LearningCurve> {
  const { split, settings } = input;
  const order = permutation({ seed: settings.seed, stream: 'learning-curve', step: 0 }, split.train.length);
  const rows: LearningCurve[number][] = [];
  for (const share of shares.toSorted((a, b) => a - b)) {
    const part = Array.from(order.subarray(0, Math.max(1, Math.round(share * split.train.length))));
    const chosen = part.map((i) => split.train[i]!).toSorted((a, b) => a - b);
    rows.push(await trainOn(chosen, input));
  }
  return rows;
}

async function trainOn(chosen: readonly number[], input: CurveInput): Promise<LearningCurve[number]> {
  const { texts, labels, split, settings } = input;
  const positions = [...chosen, ...split.validation];
  const stepsOf = (size: number) => Math.ceil(size / settings.batchSize);
  const { evaluations } = await trainClassifier({
    ...input,
    texts: positions.map((i) => texts[i]!),
    labels: positions.map((i) => labels[i]!),
    validation: split.validation.map((_, i) => chosen.length + i),
    settings: {
      ...settings,
      epochs: Math.ceil((settings.epochs * stepsOf(split.train.length)) / stepsOf(chosen.length)),
      evaluateEvery: stepsOf(split.train.length),
    },
  });
  const best = evaluations.map(({ metrics }) => metrics).toSorted((a, b) => (a.loss ?? NaN) - (b.loss ?? NaN))[0];
  return curveRow(chosen.length, split.validation.length, best?.accuracy ?? NaN, best?.loss ?? NaN);
}

/** A row with the interval of its accuracy. */
export function curveRow(trained: number, held: number, accuracy: number, loss: number): LearningCurve[number] {
  return { trained, accuracy, interval: [...wilsonInterval(Math.round(accuracy * held), held)], loss };
}
