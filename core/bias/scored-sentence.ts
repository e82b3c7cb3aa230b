/** The measurement's unit: one generated sentence about one keyword, with its score. Knows nothing of who scored it. */

/** One request for a sentence: keyword × prompt × repetition. */
export interface Probe {
  readonly keyword: string;
  /** Name of the keyword's group, as in the target list. */
  readonly group: string;
  readonly promptIndex: number;
  /** 0 … repetitions − 1. Probes that differ only in `keyword` are counterfactual twins and may share random counters. */
  readonly repetition: number;
  /** The prompt with the keyword in it: what the model continues. */
  readonly text: string;
}

/** A probe that was answered. */
export interface ScoredSentence extends Omit<Probe, 'text'> {
  /** The whole sentence that was scored, prompt included. */
  readonly text: string;
  /** Measure of the sentence, in most studies the probability of "positive", 0 … 1. */
  readonly score: number;
}

/** A list of keywords that are compared with one another. */
export interface TargetGroup {
  readonly group: string;
  readonly keywords: readonly string[];
}

/** Closed interval of the stated coverage, low end first. */
export type Interval = readonly [low: number, high: number];
