/** How good a two-class classifier is on sentences that it did not learn from. Knows neither the model nor its use. */
import { mean } from './aggregate.js';
import { spearman } from './correlation.js';
import type { Interval } from './scored-sentence.js';

/** One held-out sentence. */
export interface JudgedSentence {
  /** Probability that the classifier gives to class 1. */
  readonly probability: number;
  /** 0 or 1. */
  readonly label: number;
  /** Characters. */
  readonly length: number;
}

/** Sentences whose probability lies in `low` … `high`. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Mean probability of class 1. */
  readonly predicted: number;
  /** Share that is of class 1. */
  readonly observed: number;
}

export interface ClassifierQuality {
  readonly n: number;
  readonly accuracy: number;
  /** Wilson, 95 %. */
  readonly interval: Interval;
  /** Mean of both classes' F1. */
  readonly f1: number;
  readonly f1ByClass: readonly [number, number];
  /** Sentences by true class, then by predicted class. */
  readonly confusion: readonly [readonly [number, number], readonly [number, number]];
  /** Expected calibration error over ten bins. */
  readonly calibrationError: number;
  /** Mean squared distance of probability and label (Brier 1950). */
  readonly brier: number;
  /** Mean cross-entropy, nats. A probability of 0 for what is true counts as 1e-12. */
  readonly loss: number;
  /** Bins that hold a sentence, rising. */
  readonly reliability: readonly ReliabilityBin[];
  /** Spearman's ρ of probability and length; absent where either does not vary. */
  readonly lengthCorrelation?: number;
}

const BINS = 10;
/** Two-sided 95 % of the normal distribution. */
const Z = 1.959963984540054;

/** Score interval of a share (Wilson 1927): right near 0 and 1 too, where the usual one leaves the range. */
export function wilsonInterval(successes: number, n: number): Interval {
  if (n === 0) return [0, 1];
  const share = successes / n;
  const centre = (share + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** @throws RangeError without sentences, or with a probability or label that is not one. */
export function classifierQuality(sentences: readonly JudgedSentence[]): ClassifierQuality {
  const bad = sentences.findIndex(
    ({ probability, label }) => !(probability >= 0 && probability <= 1) || (label !== 0 && label !== 1),
  );
  if (sentences.length === 0 || bad >= 0)
    throw new RangeError(
      `classifierQuality: expected sentences with a probability and a label of 0 or 1, got ${bad >= 0 ? JSON.stringify(sentences[bad]) : 'none'}`,
    );
  const count = (actual: number, predicted: number): number =>
    sentences.filter(({ label, probability }) => label === actual && (probability > 0.5 ? 1 : 0) === predicted).length;
  const confusion = [
    [count(0, 0), count(0, 1)],
    [count(1, 0), count(1, 1)],
  ] as const;
  const right = confusion[0][0] + confusion[1][1];
  const f1ByClass = [f1Of(confusion, 0), f1Of(confusion, 1)] as const;
  const reliability = reliabilityBins(sentences);
  const correlation =
    sentences.length < 2
      ? NaN
      : spearman(
          sentences.map(({ probability }) => probability),
          sentences.map(({ length }) => length),
        );
  return {
    n: sentences.length,
    accuracy: right / sentences.length,
    interval: wilsonInterval(right, sentences.length),
    f1: mean(f1ByClass),
    f1ByClass,
    confusion,
    calibrationError: reliability.reduce(
      (sum, { n, predicted, observed }) => sum + (n / sentences.length) * Math.abs(predicted - observed),
      0,
    ),
    loss: mean(
      sentences.map(
        ({ probability, label }) => -Math.log(Math.max(1e-12, label === 1 ? probability : 1 - probability)),
      ),
    ),
    brier: mean(sentences.map(({ probability, label }) => (probability - label) ** 2)),
    reliability,
    ...(Number.isNaN(correlation) ? {} : { lengthCorrelation: correlation }),
  };
}

/** 2 TP / (2 TP + FP + FN); 0 for a class that is neither there nor predicted. */
function f1Of(confusion: ClassifierQuality['confusion'], own: 0 | 1): number {
  const other = own === 0 ? 1 : 0;
  const wrong = confusion[own][other] + confusion[other][own];
  const found = 2 * confusion[own][own];
  return found + wrong === 0 ? 0 : found / (found + wrong);
}

/** Ten bins of equal width over the probability of class 1, as in Naeini et al. 2015 for two classes. */
function reliabilityBins(sentences: readonly JudgedSentence[]): ReliabilityBin[] {
  return Array.from({ length: BINS }, (_, bin) => {
    const own = sentences.filter(({ probability }) => Math.min(BINS - 1, Math.floor(probability * BINS)) === bin);
    return {
      low: bin / BINS,
      high: (bin + 1) / BINS,
      n: own.length,
      predicted: mean(own.map(({ probability }) => probability)),
      observed: mean(own.map(({ label }) => label)),
    };
  }).filter(({ n }) => n > 0);
}
