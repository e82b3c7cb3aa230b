/** Training of language models and classifiers, and their measures. */

export type { ScoringSettings } from './classifier-scores.js';
export { classify, ClassifierScorer } from './classifier-scores.js';
export type { ClassifierSettings, TrainClassifierInput } from './classifier.js';
export { classifierDefaults, classifierMetrics, trainClassifier } from './classifier.js';
export type { LanguageModelSettings, TrainLanguageModelInput } from './language-model.js';
export { languageModelDefaults, perplexity, trainLanguageModel } from './language-model.js';
export type { LikelihoodSettings } from './likelihood.js';
export { LikelihoodMeter } from './likelihood.js';
export type { Tokens } from './padding.js';
export { LossDivergedError } from './training-types.js';
export type {
  CurvePoint,
  EvaluationPoint,
  TrainingHooks,
  TrainingResult,
  TrainingSettings,
  TrainingState,
} from './training-types.js';
