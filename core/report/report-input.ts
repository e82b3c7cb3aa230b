/** Everything a report shows, as plain data. Knows neither where it was stored nor how it will look. */
import type { WrittenPair } from './blinded-pairs.js';
import type { Results, SweepPoint } from './results.js';

/** One figure of one point in time during training of a model. Missing figures are not drawn. */
export interface LossPoint {
  readonly step: number;
  readonly loss?: number;
  readonly validationLoss?: number;
}

/**
 * One PPO batch. `reward` is the classifier's score before the KL penalty; `kl` is in nats a response. Whatever else was
 * logged of it may stand here too: it goes into the log's files and is not drawn.
 */
export interface PpoBatch {
  readonly batch: number;
  readonly reward: number;
  readonly kl: number;
  readonly entropy?: number;
}

/** One episode of a PPO batch in words. */
export interface PpoEpisode {
  readonly batch: number;
  /** Place in the batch. */
  readonly episode: number;
  readonly query: string;
  readonly response: string;
  readonly score: number;
  /** Nats, summed over the response. */
  readonly kl: number;
  /** −β·KL. */
  readonly klPenalty: number;
  /** Score − β·KL. */
  readonly totalReward: number;
}

/** What a policy made of one prompt on the way; every measurement asks the same ones under the same random numbers. */
export interface FollowedSentence {
  /** Batches finished; 0 is the model that PPO starts from. */
  readonly batch: number;
  readonly prompt: string;
  /** The prompt with what was written after it. */
  readonly text: string;
  readonly score: number;
}

/** How long a PPO batch took. Of this machine at that time: no part of a result. */
export interface PpoBatchSeconds {
  readonly batch: number;
  /** Episodes of the batch. */
  readonly episodes: number;
  /** By the name of the part. */
  readonly phases: Readonly<Record<string, number>>;
  readonly total: number;
}

/** Bias and quality measured during training, for the trade-off. */
export interface TradeOffPoint {
  readonly batch: number;
  readonly distance: Readonly<Record<string, number>>;
  /** What noise alone gives with as many sentences. */
  readonly floor?: Readonly<Record<string, number>>;
  readonly generalPerplexity?: number;
}

export interface PpoCurve extends SweepPoint {
  readonly batches: readonly PpoBatch[];
  readonly tradeOff?: readonly TradeOffPoint[];
  readonly episodes?: readonly PpoEpisode[];
  readonly followed?: readonly FollowedSentence[];
  readonly seconds?: readonly PpoBatchSeconds[];
}

/** The same probe answered by both models. */
export interface SamplePair {
  readonly keyword: string;
  readonly group: string;
  readonly prompt: string;
  readonly before: string;
  readonly after: string;
  readonly scoreBefore?: number;
  readonly scoreAfter?: number;
}

export interface Count {
  readonly name: string;
  readonly count: number;
}

export interface CleaningCounts {
  /** Texts that came in, by source. */
  readonly collected: readonly Count[];
  readonly kept: number;
  /** Texts dropped, by reason. */
  readonly dropped: readonly Count[];
}

/** How often something is found, by where and when. */
export interface Spread {
  readonly texts: number;
  readonly textsBySource?: Readonly<Record<string, number>>;
  /** By year as `2021`; texts without a date under `undated`. */
  readonly textsByYear?: Readonly<Record<string, number>>;
}

/** A noun beside a keyword; `count` is the number of texts that hold both. */
export interface CoOccurringNoun extends Count {
  /** Pointwise mutual information in bits. */
  readonly pmi?: number;
  /** G² of Dunning 1993; negative where they avoid each other. */
  readonly logLikelihood?: number;
}

export interface ExploredKeyword extends Spread {
  readonly keyword: string;
  /** Number of texts that name it. */
  readonly texts: number;
  readonly nouns: readonly CoOccurringNoun[];
}

/** The nouns beside keywords in the texts of one source or one year. */
export interface ExploredSlice {
  readonly name: string;
  /** Texts of the slice. */
  readonly texts: number;
  readonly keywords: readonly ExploredKeyword[];
}

export interface ExploredNoun extends Spread {
  readonly noun: string;
  /** Occurrences. */
  readonly count: number;
  /** Who found it: `statistics`, the name of an analyser, or both. */
  readonly foundBy: readonly string[];
}

/** A noun that the vocabulary lacked, and what became of it. */
export interface VocabularyCandidate {
  readonly word: string;
  readonly count: number;
  readonly piecesBefore: number;
  readonly piecesAfter: number;
  /** Tokens that an entry of its own saves in the texts. */
  readonly saved: number;
  /** `added`, or why not: `saves-nothing`, `too-rare`, `beyond-limit`, `no-free-entry`, `breaks-round-trip` … */
  readonly decision: string;
}

export interface VocabularyWord {
  readonly word: string;
  /** Token text that it replaced, `<unused7>`. */
  readonly replaced: string;
  readonly piecesBefore: number;
  readonly count: number;
}

/** Labels of a keyword's texts: how many of all bear the label that the study counts. */
export interface LabelledShare {
  readonly keyword?: string;
  readonly labelled: number;
  readonly total: number;
}

/** Published figures to stand beside this run's. All of it is data of one study; the program knows only the form. */
export interface StudyReference {
  /** As in a citation, short. */
  readonly name: string;
  readonly note?: string;
  /** By PPO epochs; 0 is the baseline. */
  readonly reward?: readonly {
    readonly epochs: number;
    readonly mean: number;
    readonly median: number;
    readonly notNegative: number;
  }[];
  /** 1 − after / before, by the name of the group. */
  readonly distanceReduction?: Readonly<Record<string, number>>;
  /** Most frequent keyword first. */
  readonly labelledShare?: readonly LabelledShare[];
  /** Ends of the means by keyword. */
  readonly sentiment?: { readonly highest: number; readonly lowest: number };
  readonly rewardAccuracy?: number;
}

/** A keyword's place on a map of tiles, counted from 0 at the upper left. */
export interface PlacedKeyword {
  readonly keyword: string;
  readonly column: number;
  readonly row: number;
}

export interface MapPanel {
  readonly name: string;
  readonly tiles: readonly PlacedKeyword[];
}

export interface Reproduction {
  /** The resolved configuration as YAML. */
  readonly configuration: string;
  /** Commands in order, as typed. */
  readonly commands: readonly string[];
  /** Name and sha256 of what went in and came out. */
  readonly digests: readonly { readonly name: string; readonly sha256: string }[];
  readonly versions: Readonly<Record<string, string>>;
}

export interface ReportInput {
  /** What the study is about, one line. */
  readonly title: string;
  /** BCP 47 tag of the texts under study, for fonts and line breaks: `ko`. */
  readonly textLanguage: string;
  /** How a group is called in running text: { types: 'housing types' }. A group not named here is called by its name. */
  readonly groupLabels?: Readonly<Record<string, string>>;
  readonly results: Results;
  readonly study?: StudyReference;
  readonly curves: {
    readonly finetune: readonly LossPoint[];
    readonly reward?: readonly LossPoint[];
    readonly ppo: readonly PpoCurve[];
  };
  readonly samples: readonly SamplePair[];
  /** General prompts continued by both models. */
  readonly generalSamples?: readonly WrittenPair[];
  /** Pairs on the sheet for human raters that lies beside the report. */
  readonly ratedPairs?: number;
  readonly cleaning?: CleaningCounts;
  readonly explore?: readonly ExploredKeyword[];
  readonly exploreBySource?: readonly ExploredSlice[];
  readonly exploreByYear?: readonly ExploredSlice[];
  /** The most frequent nouns. */
  readonly nouns?: readonly ExploredNoun[];
  readonly vocabulary?: readonly VocabularyWord[];
  /** The candidates that would save most, whatever was decided. */
  readonly vocabularyCandidates?: readonly VocabularyCandidate[];
  /** Where keywords lie, panel by panel; keywords that were not measured are not drawn. */
  readonly map?: readonly MapPanel[];
  /** Personal data that was masked, by kind. */
  readonly masked?: readonly Count[];
  /** Malformed rows of the user's own files that were left out. */
  readonly skippedRows?: number;
  /** Pages of the crawl that could not be read without harm and were left out. */
  readonly quarantinedPages?: number;
  /** What to bear in mind when reading the figures, one sentence each; general limits are added by the report. */
  readonly limits?: readonly string[];
  readonly reproduction: Reproduction;
}
