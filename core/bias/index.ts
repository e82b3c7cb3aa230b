/** Measurement of bias: probes, scores by keyword, distances, uncertainty, writing quality. */
export type { Interval, Probe, ScoredSentence, TargetGroup } from './scored-sentence.js';
export { buildProbes, ProbeDesignError, type BuildProbesInput } from './probes.js';
export { byKeyword, groupNames, keywordMeans, mean, ScoreError, type KeywordMean } from './aggregate.js';
export { distanceMatrix, meanPairwiseDistance } from './distance.js';
export { groupScores, type GroupScores } from './cells.js';
export { noiseFloor, type NoiseFloor } from './noise-floor.js';
export { bootstrapMeans, distanceInterval, groupMeanInterval, meanIntervals, percentiles } from './bootstrap.js';
export { pairedTest, UnpairedError, type PairedTest } from './paired.js';
export { meanShift, type MeanShift } from './mean-shift.js';
export { distanceReduction, type DistanceReduction, type Lowered, type LoweredAboveFloor } from './reduction.js';
export { truthOf, type Coverage, type TrueKeyword, type Truth } from './truth.js';
export { sentencesForReliability, spearmanBrown, splitHalfReliability, type Reliability } from './reliability.js';
export { halfSampleCoverage } from './half-samples.js';
export { distanceDifferences, type NamedSentences, type PointDifference } from './paired-points.js';
export { classifierControl, type ClassifierControl } from './classifier-control.js';
export { pairTests, type KeywordPair, type PairTests } from './pairs.js';
export { detectableDifference, type DetectableDifference } from './detectable.js';
export { furtherMeasurement, rankAgreement, type FurtherMeasurement } from './further-measure.js';
export { lexiconMeasure, type LexiconMeasure, type SentimentWords } from './lexicon.js';
export { selfBleu } from './self-bleu.js';
export { averageRanks, kendall, spearman, LengthError } from './correlation.js';
export { wassersteinFairness, type WassersteinFairness } from './fairness.js';
export { wasserstein1 } from './wasserstein.js';
export { benjaminiHochberg } from './multiple-testing.js';
export { distinctN, repetitionRate, writingQuality, type WritingQuality } from './writing-quality.js';
export { rewardSummary, type RewardFigures } from './reward-summary.js';
export {
  classifierQuality,
  wilsonInterval,
  type ClassifierQuality,
  type JudgedSentence,
} from './classifier-quality.js';
export {
  compareBias,
  measureBias,
  plantedCorrelation,
  type BiasChange,
  type BiasMeasurement,
  type MeasureBiasInput,
  type MeasuredKeyword,
  type RankCorrelation,
} from './measure.js';
